"""The review page in a real browser: two people accept, edit, reject, flag and undo, by keyboard and by button; the server is killed in
between; what comes out is what they said."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from playwright.sync_api import expect, sync_playwright

from served import Listening

CHROMIUM = shutil.which("chromium")
SHOTS = os.environ.get("RORQUAL_SHOTS")  # a folder for pictures of the page
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script>"
LONG = """A tide is the slow rise and fall of the sea, twice a day at most coasts.

The Moon pulls at the near side of the Earth a little more than at its middle, and at the middle a little more than at the far side. So the \
water is drawn out into two bulges, one toward the Moon and one away from it, and as the Earth turns, a coast passes through both.

The Sun does the same at a little less than half the strength. At new and full moon the two add up (spring tides); at the quarters they \
partly cancel (neap tides)."""


def items():
    """Six; the third is a longer conversation with three candidates, the fourth has what must not act."""
    for number in range(6):
        messages = [{"role": "user", "content": f"Question {number}: why are there tides?"}]
        candidates = [{"text": f"First answer {number}.", "origin": "v2.5"}, {"text": f"Second answer {number}.", "origin": "v2"}]
        if number == 2:
            system = {"role": "system", "content": "You answer in plain English."}
            messages = [system, {"role": "user", "content": "Hello!"}, {"role": "assistant", "content": "Hello. What would you like to know?"}, *messages]
            candidates = [{"text": LONG, "origin": "v2.5"}, {"text": "Because of the Moon. " + LONG[75:330], "origin": "v2"}, {"text": "I do not know.", "origin": "v1"}]
        if number == 3:
            messages[0]["content"] += HOSTILE
            candidates = [{"text": f"Only answer 3. {HOSTILE}", "origin": "v2.5"}]
        yield {"id": f"tides-{number}", "messages": messages, "candidates": candidates}


def rorqual(*arguments, code=0):
    done = subprocess.run([os.environ["RORQUAL"], "review", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


class Served(Listening):
    """The review of a run."""

    def __init__(self, run, port=0):
        super().__init__("review", run, port=port)

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}})
        response = connection.getresponse()
        return response.status, response.read().decode()

    def export(self):
        return [json.loads(line) for line in self.request("GET", "/api/export")[1].splitlines()]


class Person:
    """A browser of one's own, in which all that goes wrong is kept."""

    def __init__(self, browser, server, name, **look):
        self.tab = browser.new_context(**look).new_page()
        self.wrong, self.origin = [], f"http://127.0.0.1:{server.port}/"
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" and "ERR_CONNECTION" not in said.text else None)
        self.tab.on("request", lambda asked: self.wrong.append(asked.url) if not asked.url.startswith((self.origin, "data:", "blob:")) else None)
        self.tab.goto(self.origin)
        self.tab.get_by_label("Your name").fill(name)
        self.tab.keyboard.press("Enter")
        expect(self.tab.get_by_role("dialog")).to_have_count(0)

    def press(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)

    def click(self, name):
        self.tab.get_by_role("button", name=name, exact=True).click()

    def sees(self, words):
        expect(self.tab.locator("main")).to_contain_text(words)

    def is_told(self, words):
        expect(self.tab.get_by_role("status")).to_contain_text(words)

    def chooses(self, number):
        """By its key, once the item is there."""
        self.tab.keyboard.press(str(number))
        expect(self.tab.get_by_label(f"Candidate {number}")).to_be_checked()

    def shot(self, name):
        if SHOTS:
            self.tab.screenshot(path=f"{SHOTS}/review-{name}.png")

    def leave(self):
        assert not self.wrong, self.wrong
        self.tab.context.close()


def check_files(folder):
    """What the command says where there is nothing, something broken, or more than one queue."""
    run = folder / "several"
    assert "no run folder" in rorqual(run, code=2)
    run.mkdir()
    assert "nothing to review" in rorqual(run, "--progress", code=2)
    lines = folder / "items.jsonl"
    lines.write_text('{"id": "a", "messages": [{"role": "user", "content": "?"}], "candidates": [{"text": "!"}]}\n')
    assert "--process" in rorqual(run, "--add", lines, code=2)
    for process in ("write", "again"):
        assert "holds 1 items" in rorqual(run, "--add", lines, "--process", process)
    said = rorqual(run, "--progress", code=2)
    assert "several" in said and "again, write" in said, said
    assert rorqual(run, "--progress", "--process", "again") == "0 of 1 items are decided: 1 new\n"
    assert "there are again, write" in rorqual(run, "--progress", "--process", "other", code=2)
    lines.write_text("{}\n")
    assert "items.jsonl:1" in rorqual(run, "--add", lines, "--process", "write", code=2)
    (run / "work/write/review.sqlite").write_text("something else, which is not short enough to be an empty file")
    assert "write/review.sqlite is no review queue" in rorqual(run, "--process", "write", code=2)


def check_doors(server):
    """Who may ask, and how."""
    ask = json.dumps({"reviewer": "Eve"})
    for headers in ({"Host": "rebound.example"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Host": "127.rebound.example"}):
        assert server.request("POST", "/api/next", ask, **headers)[0] == 403, headers
        assert server.request("GET", "/api/export", **headers)[0] == 403, headers
    assert server.request("POST", "/api/next", ask, Content_Type="text/plain")[0] == 415
    for body in ("", "[1]", "{", json.dumps({"reviewer": 3}), json.dumps({"reviewer": " "})):
        status, said = server.request("POST", "/api/next", body)
        assert status == 400 and json.loads(said)["error"]["message"], body
    judged = {"reviewer": "Eve", "id": "tides-0"}
    for wrong in ({"verdict": "maybe"}, {"verdict": "accept", "candidate": 7}, {"verdict": "edit"}, {"verdict": "accept", "id": "none"}):
        assert server.request("POST", "/api/verdict", json.dumps({**judged, **wrong}))[0] == 400, wrong
    assert server.request("POST", "/api/next", "x" * (9 << 20))[0] == 413
    assert server.request("GET", "/nothing")[0] == 404
    assert json.loads(server.request("GET", "/api/progress")[1])["done"] == 0


def check_first_person(browser, server):
    """Ada judges all six: by keys, by buttons, and thinks better of some."""
    ada = Person(browser, server, "Ada", viewport={"width": 1280, "height": 800})
    ada.sees("Question 0")
    ada.press("a")
    ada.is_told("Choose a candidate first: 1 to 2.")
    ada.sees("Question 0")
    ada.chooses(2)
    ada.press("a")
    ada.sees("Question 1")
    ada.is_told("Accepted")

    ada.chooses(1)
    ada.press("e")
    field = ada.tab.get_by_label("The answer as it should be")
    expect(field).to_have_value("First answer 1.")
    field.fill("Never mind.")
    ada.press("Escape")
    expect(field).to_have_count(0)
    ada.press("e")
    expect(field).to_have_value("First answer 1.")
    field.fill("Ada's own answer a, e, r.\nSecond line.")
    ada.press("Control+Enter")
    ada.sees("Question 2")
    ada.press("u")
    expect(field).to_have_value("Ada's own answer a, e, r.\nSecond line.")
    ada.click("Save")
    ada.sees("Question 2")
    ada.chooses(2)
    ada.shot("light")

    ada.press("r")
    ada.shot("reject")
    ada.press("2")
    ada.sees("Question 3")
    assert ada.tab.locator("main img, main script").count() == 0, "words became markup"
    ada.sees(HOSTILE)
    expect(ada.tab.get_by_label("Candidate 1")).to_be_checked()
    ada.click("Flag")
    ada.tab.get_by_label("Note").fill("Is this harmless?")
    ada.press("Control+Enter")
    ada.sees("Question 4")
    ada.tab.get_by_text("Second answer 4.").click()
    ada.click("Edit")
    field.fill("Edited by the button.")
    ada.tab.get_by_label("Candidate 1").click()
    expect(ada.tab.get_by_label("Candidate 2")).to_be_checked()
    ada.shot("edit")
    ada.click("Save")
    ada.sees("Question 5")
    return ada


def check_kill(ada, server, run):
    """What was said is there after a kill -9; what is under way goes on once the server is back."""
    ada.click("Reject")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    ada.tab.get_by_label("Another reason").fill("A reason of one's own")
    ada.press("Enter")
    ada.is_told("cannot be reached")
    ada.sees("Question 5")
    assert rorqual(run, "--progress").startswith("0 of 6 items are decided: 1 new, 4 waiting, 1 flagged")
    server = Served(run, port=server.port)
    ada.click("Reject")
    ada.tab.get_by_label("Another reason").fill("A reason of one's own")
    ada.press("Enter")
    ada.sees("Nothing is left for you")
    ada.sees("6 items wait for other people: 5 for a second judgement, 1 flagged")
    ada.shot("rest")
    return server


def check_second_person(browser, server):
    """Bo, on a small screen in the dark, sees nothing of Ada's but her note."""
    bo = Person(browser, server, "Bo", viewport={"width": 360, "height": 720}, color_scheme="dark")
    bo.sees("Question 0")
    assert bo.tab.evaluate("document.documentElement.scrollWidth") <= 360, "wider than the screen"
    paper = bo.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in paper[4:-1].split(",")) < 200, paper
    one, two = (bo.tab.get_by_text(words).bounding_box() for words in ("First answer 0.", "Second answer 0."))
    assert two["y"] > one["y"] and two["x"] == one["x"], "candidates are stacked"
    expect(bo.tab.locator("main").get_by_text("Ada")).to_have_count(0)
    bo.tab.get_by_label("Candidate 1").check()
    bo.shot("dark")
    bo.click("Accept")
    bo.sees("Question 1")
    bo.chooses(1)
    bo.press("a")
    bo.sees("Question 2")
    bo.press("r", "1")
    bo.sees("Question 4")  # the flagged one comes after those that wait
    bo.click("Undo")
    bo.sees("Question 2")
    bo.is_told("Taken back: reject")
    bo.chooses(3)
    bo.press("a")
    bo.sees("Question 4")
    bo.chooses(1)
    bo.press("a")
    bo.sees("Question 5")
    bo.press("r", "3")
    bo.sees("Question 3")
    bo.sees("Ada flagged: Is this harmless?")
    bo.press("a")
    bo.sees("Nothing is left for you")
    return bo


def check_third_verdicts(browser, server, ada, bo):
    """The item that the two of them judged differently: Ada looks again and stays, Cy decides, and is the second judge of what was flagged."""
    bo.sees("2 items wait for other people: 1 flagged, 1 with as many for as against")
    ada.click("Look again")
    ada.sees("Bo accepts candidate 3")
    ada.sees("Ada rejects: Does not answer what was asked")
    ada.press("r", "2")
    ada.sees("Nothing is left for you")
    cy = Person(browser, server, "Cy", reduced_motion="reduce")
    cy.sees("Question 3")
    cy.press("?")
    expect(cy.tab.get_by_role("heading", name="Keys")).to_be_visible()
    cy.shot("keys")
    cy.press("Escape", "a")
    cy.sees("Question 2")
    cy.chooses(1)
    cy.press("a")
    cy.sees("All is done")
    cy.sees("All 6 items are decided: 5 accepted, 1 rejected")
    cy.tab.get_by_text("Figures").click()
    # Ada accepts 3 of the 5 that she and Bo judged, Bo 4; alike are 4. By chance (3 * 4 + 2 * 1) / 25: kappa 6 / 11.
    expect(cy.tab.locator("#sheet")).to_contain_text("Ada and Bo: 5 items, 80 % alike, kappa 0.55.")
    expect(cy.tab.locator("#sheet")).to_contain_text("Two people judged 6 items: 83 % alike, Cohen's kappa 0.55.")
    expect(cy.tab.locator("tr", has_text="Ada").locator("td")).to_have_text(["1", "2", "2", "1"])
    expect(cy.tab.locator("#count")).to_have_text("6 of 6 decided · 2 judged by you · kappa 0.55")
    cy.shot("done")
    with cy.tab.expect_download() as loaded:
        cy.tab.get_by_role("link", name="Download 5 conversations").click()
    exported = [json.loads(line) for line in pathlib.Path(loaded.value.path()).read_text().splitlines()]
    ada.sees("All is done")  # without being asked
    bo.tab.reload()
    bo.sees("All is done")  # the name is kept
    for person in (ada, bo, cy):
        person.leave()
    return exported


def main():
    if CHROMIUM is None:
        print("skipped: there is no chromium; ./rorqual test installs it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = pathlib.Path(name)
        check_files(folder)
        run = folder / "chat"
        run.mkdir()
        (folder / "tides.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items()))
        for _ in range(2):
            rorqual(run, "--add", folder / "tides.jsonl", "--process", "write", "--overlap", 1)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with Served(run) as server:
            check_doors(server)
            ada = check_first_person(browser, server)
            with check_kill(ada, server, run) as server:
                bo = check_second_person(browser, server)
                exported = check_third_verdicts(browser, server, ada, bo)
                assert server.export() == exported
                server.process.send_signal(signal.SIGTERM)
                assert server.process.wait(timeout=20) == 0
        browser.close()
        rorqual(run, "--export", folder / "accepted.jsonl")
        assert [json.loads(line) for line in (folder / "accepted.jsonl").read_text().splitlines()] == exported
        # What a person wrote comes before what two accept, and of two the later.
        answers = {line["messages"][-2]["content"][9:10]: line["messages"][-1]["content"] for line in exported}
        assert answers == {"0": "First answer 0.", "1": "Ada's own answer a, e, r.\nSecond line.", "2": LONG, "3": f"Only answer 3. {HOSTILE}", "4": "Edited by the button."}, answers
        assert [message["role"] for message in exported[2]["messages"]] == ["system", "user", "assistant", "user", "assistant"]


if __name__ == "__main__":
    main()
