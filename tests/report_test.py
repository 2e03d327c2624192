"""The report in a real browser: a run's page is whole, links lead to files, nothing else is asked for anywhere; it fits narrow screens,
dark ones and paper; a run that goes on is watched, and stopped by whoever has the token; broken run folders are shown as far as they go."""

import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import expect, sync_playwright

from served import Listening

CHROMIUM = shutil.which("chromium")
SHOTS = os.environ.get("RORQUAL_SHOTS")  # a folder for pictures of the pages
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(1)</script>"

RECIPE = """
name = "reported"
seed = 3
[data.mathematics]
heldout = 0.05
source.generator = { name = "worked-mathematics", count = 200, seed = 1 }
[data.lists]
heldout = 0
source.generator = { name = "recall", count = 100, least = 2, most = 4 }
[data.chats]
heldout = 0
source.problems = { kinds = ["sum"], count = 60, answers = "short", seed = 1 }
[data.problems]
heldout = 0
source.problems = { kinds = ["sum"], count = 8, answers = "none", seed = 2 }
[process.tokenizer]
kind = "tokenizer"
from = ["mathematics", "lists"]
vocab_size = 400
makes = "small"
[architecture.small]
vocab_size = 400
width = 32
layers = 2
dense_layers = 1
dense_width = 64
context = 128
init_std = 0.02
attention = { heads = 2, query_rank = 24, kv_rank = 16, nope_width = 16, rope_width = 8, value_width = 16 }
moe = { experts = 4, top_k = 2, expert_width = 32, groups = 2, top_groups = 1, route_scale = 1.0 }
[process.pretrain]
kind = "pretrain"
architecture = "small"
tokenizer = "small"
mixture = { mathematics = 0.7, lists = 0.3 }
train = { tokens = TOKENS, batch.last = 4, learning_rate.peak = 4e-3, optimizer.method = "muon", checkpoint_every = 10 }
makes = "base"
[process.extend]
kind = "extend"
from = "base"
context = 256
mixture = { mathematics = 1.0 }
train = { steps = 4, batch.last = 2, learning_rate.peak = 1e-3, checkpoint_every = 2 }
makes = "base-256"
[process.sft]
kind = "sft"
from = "base-256"
samples = { chats = 1 }
train = { epochs = 1, step_tokens = 512, learning_rate.peak = 1e-3 }
makes = "chat"
[process.rl]
kind = "rl"
from = "chat"
prompts = ["problems"]
train = { steps = 3, prompts = 4, group = 2, max_tokens = 16, learning_rate.peak = 1e-4 }
makes = "reasoner"
"""


def rorqual(*arguments, code=0):
    done = subprocess.run([os.environ["RORQUAL"], *map(str, arguments)], capture_output=True, text=True, timeout=200)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


class Page:
    """A tab that keeps what went wrong in it, and what it asked for."""

    def __init__(self, browser, address, **look):
        self.context = browser.new_context(**look)
        self.tab = self.context.new_page()
        self.wrong, self.address = [], address
        origin = re.match(r"(file://|http://[^/]+/)", address)[1]
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" and "status of 40" not in said.text else None)
        self.tab.on("request", lambda asked: self.wrong.append(asked.url) if not asked.url.startswith((origin, "data:")) else None)
        self.tab.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        self.tab.goto(address)

    def __enter__(self):
        return self.tab

    def __exit__(self, kind, *_):
        if kind is None:
            assert not self.wrong, self.wrong
        self.context.close()


def shoot(tab, name):
    if SHOTS:
        tab.wait_for_timeout(300)
        tab.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def overlaps(tab):
    """Pairs of the flow's boxes that touch, and texts that reach out of their boxes."""
    return tab.evaluate("""() => {
      const boxes = [...document.querySelectorAll("svg.flow a")].map((a) => [a, a.querySelector(".box").getBoundingClientRect()]), wrong = [];
      for (const [a, box] of boxes) {
        for (const [b, other] of boxes) if (a !== b && box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom) wrong.push(a.textContent + " and " + b.textContent);
        for (const text of a.querySelectorAll("text")) { const words = text.getBoundingClientRect(); if (words.left < box.left || words.right > box.right || words.top < box.top || words.bottom > box.bottom) wrong.push("out: " + text.textContent); }
      }
      return wrong; }""")


def check_page(browser, run):
    said = rorqual("report", run)
    assert said.splitlines() == [str(run / "report.html")], f"of a finished run nothing is missing: {said}"
    with Page(browser, f"file://{run}/report.html", viewport={"width": 1280, "height": 900}) as tab:
        expect(tab.get_by_role("heading", level=1)).to_have_text("reported")
        expect(tab.locator("#missing")).to_be_hidden()
        assert not overlaps(tab), overlaps(tab)

        costs = tab.locator("#cost table").first
        assert costs.locator("thead th").all_inner_texts()[1:4] == ["pre-training", "context extension", "post-training"]
        shares = [float(words.removesuffix(" %")) for words in costs.locator("tbody tr").nth(1).locator("td").all_inner_texts()[:3]]
        assert abs(sum(shares) - 100) < 0.2, shares
        assert "2.79M" in costs.inner_text(), "DeepSeek-V3's own hours stand beside"
        expect(tab.locator("#cost .note").first).to_have_text(re.compile(r"Post-training takes [\d.]+ % of the training here, 0\.\d+ % of DeepSeek-V3's: .* tokens here and 14\.8T there"))

        expect(tab.locator("#training .uplot")).not_to_have_count(0)
        drawn = tab.locator("[id='process.pretrain'] figure figcaption b").all_inner_texts()
        assert {"Loss", "Gradient norm", "Learning rate", "Batch", "Load of the busiest expert"} <= set(drawn), drawn
        drawn = tab.locator("[id='process.rl'] figure figcaption b").all_inner_texts()
        assert {"Reward", "Length of an answer", "Entropy"} <= set(drawn), drawn
        assert tab.locator("#answers .answer").count() > 0
        assert tab.locator("#data tbody tr").count() >= 4
        expect(tab.locator("#again")).to_contain_text("rorqual run")

        for link in tab.locator("main a:not([href^='#'])").all():
            assert (run / link.get_attribute("href")).exists(), link.get_attribute("href")
        for link in tab.locator("a[href^='#']").all():
            name = link.get_attribute("href")[1:]
            assert tab.evaluate("(name) => document.getElementById(name) !== null", name), f"#{name} leads nowhere"
        tab.locator("svg.flow a[href='#process.pretrain']").click()
        expect(tab.locator("[id='process.pretrain']")).to_be_in_viewport()
        shoot(tab, "report")


def check_looks(browser, run):
    with Page(browser, f"file://{run}/report.html", viewport={"width": 360, "height": 740}, color_scheme="dark") as tab:
        expect(tab.locator("#training .uplot")).not_to_have_count(0)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, "wider than the screen"
        dark = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(int(part) for part in dark[4:-1].split(",")) < 200, dark
        shoot(tab, "report-narrow-dark")
    with Page(browser, f"file://{run}/report.html", viewport={"width": 794, "height": 1123}, color_scheme="dark") as tab:
        expect(tab.locator("#training .uplot")).not_to_have_count(0)
        tab.emulate_media(media="print")
        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)", f"paper is white: {paper}"
        expect(tab.get_by_role("navigation")).to_be_hidden()
        if SHOTS:
            tab.pdf(path=f"{SHOTS}/report.pdf", format="A4", print_background=True)


def check_broken(browser, run, folder):
    """What a crash, an older version or a bad disk may leave."""
    broken = folder / "broken"
    shutil.copytree(run, broken)
    (broken / "work/plan.json").unlink()
    (broken / "work/environment.json").write_text("{")
    (broken / "data/lists/manifest.json").write_text('{"training": ')
    (broken / "work/sft/metrics.jsonl").unlink()
    metrics = (broken / "work/pretrain/metrics.jsonl").read_text()
    (broken / "work/pretrain/metrics.jsonl").write_text("garbage\n" + metrics[: len(metrics) // 2])
    rollouts = (broken / "work/rl/rollouts.jsonl").read_text().splitlines()
    line = json.loads(rollouts[0])
    line["prompt"] = line["answers"][0]["text"] = HOSTILE
    (broken / "work/rl/rollouts.jsonl").write_text(json.dumps(line) + "\n")
    said = rorqual("report", broken, "--output", folder / "elsewhere" / "page.html", "--price", "1.5")
    for words in ["plan.json", "environment cannot be shown", "manifest.json cannot be read", "sft/metrics.jsonl has no step", "1 lines that cannot"]:
        assert words in said, (words, said)
    with Page(browser, f"file://{folder}/elsewhere/page.html") as tab:
        expect(tab.locator("#missing li")).to_have_count(said.count("missing: "))
        expect(tab.locator("[id='process.pretrain'] .uplot")).not_to_have_count(0)
        assert tab.locator("#answers img").count() == 0 and HOSTILE in tab.locator("#answers").inner_text()
        assert "$1.50 a core-hour" in tab.locator("#cost").inner_text()
        link = tab.locator("#cost a[href$='ledger.jsonl']").get_attribute("href")
        assert (folder / "elsewhere" / link).resolve() == (broken / "ledger.jsonl").resolve()
        shoot(tab, "report-broken")
    (folder / "empty").mkdir()
    said = rorqual("report", folder / "empty")
    with Page(browser, f"file://{folder}/empty/report.html") as tab:
        expect(tab.locator("#missing li")).to_have_count(said.count("missing: "))

    assert "there is no run folder" in rorqual("report", folder / "nowhere", code=2)
    assert "there is no run folder" in rorqual("watch", folder / "nowhere", code=2)
    assert "price" in rorqual("report", run, "--price", "-1", code=2)
    (folder / "bad.toml").write_text(RECIPE.replace("TOKENS", '"many"'))
    assert "tokens" in rorqual("graph", folder / "bad.toml", code=2)


class Watched(Listening):
    def __init__(self, run):
        super().__init__("watch", run)

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, response.read().decode()


def check_watching(browser, folder):
    """A run goes on while it is watched; a stranger cannot stop it, and whoever has the token can."""
    (folder / "long.toml").write_text(RECIPE.replace("TOKENS", "40_000_000"))
    run = folder / "long"
    going = subprocess.Popen([os.environ["RORQUAL"], "run", folder / "long.toml", "--run-dir", run], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if (run / "work/pretrain/metrics.jsonl").exists():
                break
            time.sleep(0.1)
        with Watched(run) as server:
            token = re.search(r"#token=(\w+)", server.line)[1]
            assert server.request("POST", "/api/stop", json.dumps({"token": "0" * 32}))[0] == 403
            assert server.request("POST", "/api/stop", json.dumps({"token": token}), Host="evil.example")[0] == 403
            assert server.request("GET", "/../long.toml")[0] == 404 and server.request("GET", "/recipe.toml")[0] == 200
            with Page(browser, f"http://127.0.0.1:{server.port}/#token={token}") as tab:
                expect(tab.locator("#state")).to_contain_text("running")
                assert token not in tab.url, "the token stays in the address"
                steps = lambda: int(re.search(r"([\d,]+) steps", tab.locator("[id='process.pretrain']").inner_text())[1].replace(",", ""))
                first = steps()
                expect(tab.locator("[id='process.pretrain'] .uplot")).not_to_have_count(0)
                tab.wait_for_function(f"() => report.steps.find((step) => step.id === 'process.pretrain').curves.all_steps > {first}", timeout=20_000)
                assert steps() > first, "the page does not grow with the run"
                shoot(tab, "watch")
                tab.get_by_role("button", name="Stop after this checkpoint").click()
                expect(tab.locator("#stop output")).to_contain_text("will stop")
                assert going.wait(timeout=60) == 75, "it stops as by a signal, with its work saved"
                expect(tab.locator("#stop")).to_be_hidden(timeout=20_000)
                expect(tab.locator("[id='process.pretrain'] h3")).to_contain_text("stopped")
            assert "no run is going on" in server.request("POST", "/api/stop", json.dumps({"token": token}))[1]
            server.process.terminate()
            assert server.process.wait(timeout=20) == 0, "asked to end, it ends"
    finally:
        going.kill()


def check_graph(browser, folder):
    """The flowcharts of the recipes that are there, before anything has run."""
    for name in ["tiny", "v3-671b", "smoke"]:
        rorqual("graph", pathlib.Path("recipes") / f"{name}.toml", "--output", folder / f"{name}.svg")
        (folder / f"{name}.html").write_text(f"<!doctype html><body>{(folder / f'{name}.svg').read_text()}")
        with Page(browser, f"file://{folder}/{name}.html", viewport={"width": 1300, "height": 900}) as tab:
            assert tab.locator("svg.flow a").count() > 10 and not overlaps(tab), (name, overlaps(tab))
            shoot(tab, f"graph-{name}")


def main():
    if CHROMIUM is None:
        print("skipped: there is no chromium; ./rorqual test installs it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = pathlib.Path(name).resolve()
        (folder / "reported.toml").write_text(RECIPE.replace("TOKENS", "16_384"))
        rorqual("run", folder / "reported.toml", "--run-dir", folder / "run")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        check_graph(browser, folder)
        check_page(browser, folder / "run")
        check_looks(browser, folder / "run")
        check_broken(browser, folder / "run", folder)
        check_watching(browser, folder)
        browser.close()


if __name__ == "__main__":
    main()
