"""The chat page in a real browser: an answer streams, stops, is asked for again and looked into; what was said stays; nothing else is
asked for anywhere."""

import pathlib
import shutil
import sys
import tempfile

from playwright.sync_api import expect, sync_playwright

from serve_test import Served, train_model, wait_for_rest

CHROMIUM = shutil.which("chromium")


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
    return tab.locator("article.assistant .words").last


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

        token = tab.locator("article.assistant .token:not(:empty)").first
        token.hover()
        expect(tab.get_by_role("tooltip")).to_contain_text("%")
        assert tab.locator("#alternatives tr").count() >= 5 and tab.locator("#alternatives .chosen").count() == 1

        tab.get_by_role("button", name="Again").click()
        finished(tab)
        assert tab.locator("article").count() == 2, "an answer that was asked for again takes the other's place"
        answer = tab.locator("article.assistant .words").text_content()
        tab.locator("article.assistant").get_by_role("button", name="Copy").click()
        assert tab.evaluate("navigator.clipboard.readText()") == answer

        tab.reload()
        tab.locator("#conversations button").first.click()
        assert tab.locator("article.assistant .words").text_content() == answer, "what was said is lost"
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
        wait_for_rest(server)


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
            check_stop(browser, server)
            check_refusal(browser, server)
            check_narrow_and_dark(browser, server)
            check_key(browser, model, folder)
            browser.close()


if __name__ == "__main__":
    main()
