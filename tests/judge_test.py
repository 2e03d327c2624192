"""Answers that no program can mark: an endpoint judges them, is asked once, and is not needed to see the table again."""

import json
import os
import pathlib
import subprocess
import tempfile

from answering import Answering

TASK = """
title = "Open"
kind = "generation"
[data]
files = ["rows.jsonl"]
[prompt]
form = "chat"
question = "{{ q }}"
[answer]
right = "answer"
compare = "judge"
[score]
id = "q"
[judge]
system = "Judge."
prompt = "{{ q }}: is {{ answer }} as right as {{ right }}?"
verdict = 'So: (\\w+)'
worth = { YES = 1, NO = 0 }
"""
ROWS = [{"q": "one", "answer": "1"}, {"q": "two", "answer": "2"}, {"q": "three", "answer": "3"}, {"q": "four", "answer": "4"}]
ANSWERS = {"one": "1", "two": "2.0", "three": "4", "four": "riddle"}


def verdict_on(question):
    """Compares numbers; of what is none it says nothing that can be read."""
    said, right = question.removesuffix("?").split(" is ")[1].split(" as right as ")
    return "Who knows." if said == "riddle" else f"Let me see. So: {'YES' if float(said) == float(right) else 'NO'}"


def evaluate(folder, *arguments):
    command = [os.environ["RORQUAL"], "eval", *arguments, "--output", "kept", "--table", "table.json", "--retries", "0"]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=folder)


def cell_in(folder):
    return json.loads((folder / "table.json").read_text())["rows"][0]["cells"][0]


def check_refusals(folder, ask):
    """All before any work."""
    for judge, sentence in (
        ([], "none is named: add --judge MODEL"),
        (["--judge", "answers:answers.jsonl"], "answers:answers.jsonl cannot judge answers, as it cannot be talked to"),
        (["--judge", "published:base"], "cannot be talked to"),
        (["--judge", "nowhere"], "nowhere is no folder of a model"),
    ):
        done = evaluate(folder, *ask, *judge)
        assert done.returncode != 0 and sentence in done.stderr, (judge, done.stderr)
        assert not list((folder / "kept").rglob("*.jsonl*")), judge


def main():
    judge = Answering(verdict_on)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "open.toml").write_text(TASK)
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        (folder / "answers.jsonl").write_text("".join(json.dumps({"id": q, "text": text}) + "\n" for q, text in ANSWERS.items()))
        ask = ["mine=answers:answers.jsonl", "--tasks", "open.toml", "--data", "."]
        check_refusals(folder, ask)
        judged = [*ask, "--judge", f"strict=chat:judge@http://127.0.0.1:{judge.port}/v1"]
        done = evaluate(folder, *judged)
        assert done.returncode == 0, done.stderr
        cell = cell_in(folder)
        assert (round(cell["value"], 6), cell["questions"], cell["unjudged"]) == (round(200 / 3, 6), 3, 1), cell
        assert {verdict: round(share) for verdict, share in cell["verdicts"].items()} == {"NO": 33, "YES": 67}, cell
        assert cell["making"]["judge"]["model"] == "strict", cell["making"]
        assert 'answered, but not judged, and not counted: 1 of 4 questions; the first: no verdict is found in "Who knows.".' in done.stdout, done.stdout
        assert "; judge strict " in done.stdout, done.stdout
        assert len(judge.asked) == 4 and {body["temperature"] for body in judge.asked} == {0}, judge.asked
        assert judge.asked[0]["messages"][0] == {"role": "system", "content": "Judge."}, judge.asked[0]
        again = evaluate(folder, *judged)
        assert again.returncode == 0 and len(judge.asked) == 4, (again.stderr, len(judge.asked))
        judge.stop()
        replayed = evaluate(folder, "--replay", "kept")
        assert replayed.returncode == 0 and replayed.stdout == done.stdout and cell_in(folder) == cell, replayed.stderr
    print(f"{cell['questions']} of 4 answers judged by an endpoint, {cell['value']:.1f} % of them right")


if __name__ == "__main__":
    main()
