"""A recipe whose teacher is an endpoint: the answers become a box of conversations, and are asked for once, also by another run. And
one whose judge is an endpoint."""

import json
import os
import pathlib
import subprocess
import tempfile

from answering import Answering
from served import Served, train_model

RECIPE = """
name = "taught"
seed = 1
[data.sums]
heldout = 0
source.problems = { kinds = ["sum"], count = 12, answers = "none" }
[data.chats]
heldout = 0
source = { glob = ["chats.jsonl"], field = "messages" }
[process.teach]
kind = "synth"
endpoint = { base_url = "http://127.0.0.1:PORT/v1", model = "base", concurrency = 4, retries = 0 }
prompts = ["sums", "chats"]
system = "Be brief."
samples = 2
temperature = 1
max_tokens = 200
keep = { right = false, at_most = KEPT }
makes = "answers"
"""

# One in which nobody asks, and one whose own system prompt gives way.
CHATS = [
    [{"role": "assistant", "content": "Welcome."}],
    [{"role": "system", "content": "Shout."}, {"role": "user", "content": "Hello"}, {"role": "assistant", "content": "HELLO"}],
]


JUDGED = """
name = "judged"
seed = 1
[data.sums]
heldout = 0
source.problems = { kinds = ["sum"], count = 4, answers = "none" }
[model.base]
path = "BASE"
[process.rl]
kind = "rl"
from = "base"
prompts = ["sums"]
rewards = { right = 1, judge = 0.5 }
judge.endpoint = { base_url = "http://127.0.0.1:PORT/v1", model = "judge", retries = 0 }
train = { steps = 2, prompts = 4, group = 4, max_tokens = 8 }
makes = "rl"
"""


def judge(prompt):
    """By an answer's number of letters: odd ones are worth 7 of 10, of the others it does not say."""
    answer = prompt.split("Answer: ")[1].split("\n\nSay first")[0]
    return "Well. \\boxed{7}" if len(answer) % 2 else "I do not know."


def check_judge(folder, base):
    server = Answering(judge)
    recipe = folder / "judged.toml"
    recipe.write_text(JUDGED.replace("PORT", str(server.port)).replace("BASE", str(base)))
    command = [os.environ["RORQUAL"], "run", str(recipe), "--run-dir", str(folder / "judged")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, env={**os.environ, "RORQUAL_CACHE": str(folder / "judge-cache")})
    assert done.returncode == 0, done.stderr
    groups = [json.loads(line) for line in (folder / "judged/work/rl/rollouts.jsonl").read_text().splitlines()]
    answers = [answer for group in groups for answer in group["answers"]]
    assert len(answers) == 32 and 0 < len(server.asked) <= 32, (len(answers), len(server.asked))
    silent = 0
    for answer in answers:
        has_number = len(answer["text"]) % 2 == 1
        silent += not has_number
        assert abs(answer["reward"] - answer["right"] - 0.35 * has_number) < 1e-9, answer
        assert ("no judgement" in answer["note"]) != has_number, answer
    assert 0 < silent < len(answers), "both cases must come"
    assert "the judge gave no number for" in done.stdout, done.stdout
    print(f"{len(answers) - silent} of {len(answers)} answers judged by an endpoint, in {len(server.asked)} requests")


def run(folder, name, port, kept):
    """Another run of the recipe, with the same cache."""
    recipe = folder / f"{name}.toml"
    recipe.write_text(RECIPE.replace("PORT", str(port)).replace("KEPT", str(kept)))
    command = [os.environ["RORQUAL"], "run", str(recipe), "--run-dir", str(folder / name)]
    environment = {**os.environ, "RORQUAL_CACHE": str(folder / "cache")}
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        base = train_model(folder)
        (folder / "chats.jsonl").write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in CHATS))
        with Served("--model", base) as served:
            done = run(folder, "first", served.port, kept=1)
            assert done.returncode == 0, done.stderr
        box = folder / "first/data/answers"
        manifest = json.loads((box / "manifest.json").read_text())
        counts = manifest["answers"]["math"]
        # On some machines' rounding the model says nothing at all to a question or two, which is no answer.
        assert counts["problems"] == 12 and 20 <= counts["answers"] <= 24, counts
        known = counts["answers"] + manifest["answers"]["chats"]["answers"]
        assert manifest["answers"]["chats"]["problems"] == 1, manifest
        assert "1 conversations in which nobody asks are left out" in done.stdout, done.stdout
        assert "Shout" not in (box / "documents.bin").read_text() and "Be brief." in (box / "documents.bin").read_text()
        assert manifest["teacher"] == "base", manifest
        print(f"{counts['answers']} answers, of which {counts['cut']} are cut and {counts['kept']} kept")
        # The endpoint is gone: what was answered is known, and what was not is asked for in vain.
        again = run(folder, "second", served.port, kept=2)
        assert again.returncode == 0 and f"0 answers for 0.00 dollars, {known} known before" in again.stdout + again.stderr, again.stdout + again.stderr
        other = run(folder, "third", served.port, kept=1)
        assert other.returncode == 0, other.stderr
        assert (folder / "third/data/answers/documents.bin").read_bytes() == (box / "documents.bin").read_bytes()
        fresh = subprocess.run(
            [os.environ["RORQUAL"], "run", str(folder / "third.toml"), "--run-dir", str(folder / "fourth")],
            capture_output=True, text=True, timeout=100, env={**os.environ, "RORQUAL_CACHE": str(folder / "empty")})
        assert fresh.returncode == 2 and f"127.0.0.1:{served.port}" in fresh.stderr, (fresh.returncode, fresh.stderr)
        print(fresh.stderr.splitlines()[-1])
        check_judge(folder, base)


if __name__ == "__main__":
    main()
