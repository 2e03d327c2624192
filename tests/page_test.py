"""The chat page in a real browser: an answer streams, stops, is asked for again, shown as what it means and looked into; what was said
stays; nothing else is asked for anywhere."""

import json
import os
import pathlib
import shutil
import sys
import tempfile

from playwright.sync_api import expect, sync_playwright

from served import Served, train_model

CHROMIUM = shutil.which("chromium")
SHOTS = os.environ.get("RORQUAL_SHOTS")  # a folder for pictures of the page


class Page:
    """A tab that keeps what went wrong in it."""

    def __init__(self, browser, port, **look):
        self.context = browser.new_context(**look)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.tab = self.context.new_page()
        self.wrong, self.origin = [], f"http://127.0.0.1:{port}/"
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" and "status of 40" not in said.text else None)
        self.tab.on("request", lambda asked: self.wrong.append(asked.url) if not asked.url.startswith((self.origin, "data:", "blob:")) else None)
        self.tab.goto(self.origin)

    def __enter__(self):
        return self.tab

    def __exit__(self, kind, *_):
        if kind is None:
            assert not self.wrong, self.wrong
        self.context.close()


def say(tab, words):
    tab.get_by_label("Message").fill(words)
    tab.keyboard.press("Enter")


def finished(tab):
    expect(tab.locator("article.assistant:not(.growing)").last).to_be_visible(timeout=20_000)
    expect(tab.locator("article.growing")).to_have_count(0, timeout=20_000)
    return tab.locator("article.assistant > .words").last


def as_tokens(tab):
    """What the answer says to the letter."""
    tab.get_by_role("button", name="Tokens").click()
    return tab.locator("article.assistant > .words").text_content()


def set_tokens(tab, count):
    """The most probable ones, for drawn at random there would be control tokens among them."""
    tab.get_by_text("Settings").click()
    tab.get_by_label("Tokens at most").fill(str(count))
    tab.get_by_label("Temperature").fill("0")
    tab.keyboard.press("Escape")


def check_conversation(browser, server):
    with Page(browser, server.port) as tab:
        expect(tab.get_by_label("Message")).to_be_focused()
        set_tokens(tab, 24)
        say(tab, "2 + 2 = <img src=x onerror=alert(1)>")
        first = finished(tab).inner_text()
        assert first and "tokens/s" in tab.get_by_role("status").inner_text() and "of 256 tokens" in tab.get_by_role("status").inner_text()
        assert tab.locator("#log img").count() == 0, "words became markup"

        tab.get_by_role("button", name="Tokens").click()
        token = tab.locator("article.assistant .token:not(:empty)").first
        token.hover()
        expect(tab.get_by_role("tooltip")).to_contain_text("%")
        assert tab.locator("#alternatives tr").count() >= 5 and tab.locator("#alternatives .chosen").count() == 1

        tab.get_by_role("button", name="Again").click()
        finished(tab)
        assert tab.locator("article").count() == 2, "an answer that was asked for again takes the other's place"
        answer = as_tokens(tab)
        tab.locator("article.assistant").get_by_role("button", name="Copy").click()
        assert tab.evaluate("navigator.clipboard.readText()") == answer

        tab.reload()
        tab.locator("#conversations button").first.click()
        assert as_tokens(tab) == answer, "what was said is lost"
        tab.get_by_role("button", name="New conversation").click()
        expect(tab.locator("article")).to_have_count(0)
        say(tab, "7 * 8 =")
        finished(tab)
        assert tab.locator("#conversations li").count() == 2
        tab.get_by_role("button", name="Edit").click()
        expect(tab.get_by_label("Message")).to_have_value("7 * 8 =")
        expect(tab.locator("article")).to_have_count(0)
        tab.get_by_role("button", name="Delete 7 * 8 =").click()
        expect(tab.locator("#conversations li")).to_have_count(1)


THOUGHTS = "Let me see: *six* <b>times</b> seven."
ANSWER = r"""## The product

As \(6 \cdot 7 = 42\), and as a series
\[
\sum_{k=1}^{6} 7
= 42
\]
it costs $5 or $6.

```python
def product(a, b):
    return a * b  # <script>alert(1)</script>
```

| a | b |
| - | - |
| 6 | **7** |

- <img src=x onerror=alert(1)> and ![a picture](http://127.0.0.1:9/x.png)
- [good](https://example.org/) and [bad](javascript:alert(1))

$$\frac{a}{$$
"""


def said_by(*deltas):
    """A stream of the server's form, as a model would say it that reasons."""
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas] + [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    return "".join(f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices) + "data: [DONE]\n\n"


def check_rendering(browser, server):
    """Thoughts are folded; Markdown, mathematics and code are shown as what they mean, and nothing of it can act."""
    with Page(browser, server.port) as tab:
        deltas = [{"role": "assistant", "reasoning_content": THOUGHTS}, *({"content": ANSWER[at : at + 7]} for at in range(0, len(ANSWER), 7))]
        tab.route("**/v1/chat/completions", lambda asked: asked.fulfill(body=said_by(*deltas), content_type="text/event-stream"))
        say(tab, "What is 6 * 7?")
        words = finished(tab)
        thoughts = tab.locator("article.assistant details")
        assert thoughts.get_attribute("open") is None and "six <b>times</b> seven" in thoughts.text_content()
        tab.get_by_text("Thoughts").click()
        expect(tab.get_by_text("seven")).to_be_visible()

        expect(words.get_by_role("heading")).to_have_text("The product")
        assert words.locator(".katex").count() == 2 and words.locator(".katex-display").count() == 1
        assert "it costs $5 or $6." in words.inner_text()
        assert tab.evaluate("document.fonts.check('16px KaTeX_Main')"), "the formulas' font is not there"
        assert words.locator(".katex-error").count() == 1, "a formula that is none stays what it was"
        assert words.locator("pre .hljs-keyword").all_inner_texts() == ["def", "return"]
        assert words.locator("td strong").inner_text() == "7"
        assert words.locator("img, script").count() == 0 and words.locator("a").count() == 2, "the second is the picture's address"
        assert words.locator("a").first.get_attribute("rel") == "noopener noreferrer"
        words.locator("pre").hover()
        words.get_by_role("button", name="Copy code").click()
        assert tab.evaluate("navigator.clipboard.readText()") == ANSWER.split("```")[1].removeprefix("python\n")
        tab.get_by_role("button", name="Tokens").click()
        assert tab.locator("article.assistant > .words").text_content() == ANSWER
        tab.get_by_role("button", name="Tokens").click()
        if SHOTS:
            tab.screenshot(path=f"{SHOTS}/page.png", full_page=True)


def check_stop(browser, server):
    """An answer that is stopped keeps what was said of it, and the server lets it go."""
    with Page(browser, server.port) as tab:
        # The answer arrives slowly, as from a large model.
        tab.evaluate("""() => { const read = ReadableStreamDefaultReader.prototype.read;
            ReadableStreamDefaultReader.prototype.read = async function () { await new Promise((go) => setTimeout(go, 300)); return read.call(this); }; }""")
        say(tab, "count")
        expect(tab.get_by_role("button", name="Stop")).to_be_visible()
        tab.keyboard.press("Escape")
        expect(tab.get_by_role("button", name="Send")).to_be_visible()
        expect(tab.locator("article.growing")).to_have_count(0)
        server.wait_for_rest()


def check_refusal(browser, server):
    with Page(browser, server.port) as tab:
        say(tab, "1 " * 600)
        expect(tab.locator("article.error")).to_contain_text("context of 256")


def check_narrow_and_dark(browser, server):
    with Page(browser, server.port, viewport={"width": 360, "height": 640}, color_scheme="dark") as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, "wider than the screen"
        light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(int(part) for part in light[4:-1].split(",")) < 200, light
        expect(tab.get_by_role("navigation")).to_be_hidden()
        tab.get_by_role("button", name="Conversations").click()
        expect(tab.get_by_role("navigation")).to_be_visible()


def check_key(browser, model, folder):
    (folder / "key").write_text("secret")
    with Served("--model", model, "--key-file", folder / "key") as server, Page(browser, server.port) as tab:
        tab.get_by_label("This server asks for a key").fill("secret")
        tab.keyboard.press("Enter")
        expect(tab.locator("#model option")).to_have_count(1)
        set_tokens(tab, 4)
        say(tab, "1 + 1 =")
        finished(tab)


def main():
    if CHROMIUM is None:
        print("skipped: there is no chromium; ./rorqual test installs it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = train_model(folder)
        with Served("--model", model) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            check_conversation(browser, server)
            check_rendering(browser, server)
            check_stop(browser, server)
            check_refusal(browser, server)
            check_narrow_and_dark(browser, server)
            check_key(browser, model, folder)
            browser.close()


if __name__ == "__main__":
    main()
