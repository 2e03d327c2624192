"""A teacher behind a server that is not ours: llama.cpp's, with a model that people use. Its answers become training data, and its
word on tokens is believed."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import xllamacpp

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "parity"))
from smollm2 import gguf_file

RECIPE = """
name = "independent"
seed = 1
[data.questions]
heldout = 0
source = { glob = ["questions.jsonl"], field = "messages" }
[process.ask]
kind = "synth"
endpoint = { base_url = "ADDRESS/v1", model = "smollm2", concurrency = 2, retries = 1 }
prompts = ["questions"]
system = "Answer in one short sentence."
temperature = 0.2
max_tokens = 40
makes = "answers"
[process.check]
kind = "review"
from = ["answers"]
review = "rules"
rules.least_words = 2
makes = "checked"
"""
QUESTIONS = ["What is the capital of France?", "What is the opposite of hot?", "Name a colour.", "What do bees make?"]


def start(model):
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = 1024
    parameters.n_parallel = 2
    parameters.cpuparams.n_threads = 1
    return xllamacpp.Server(parameters)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = start(gguf_file())
        lines = [{"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": "?"}]} for question in QUESTIONS]
        (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        (folder / "independent.toml").write_text(RECIPE.replace("ADDRESS", server.listening_address))
        command = [os.environ["RORQUAL"], "run", str(folder / "independent.toml"), "--run-dir", str(folder / "run")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=200, env={**os.environ, "RORQUAL_CACHE": str(folder / "cache")})
        assert done.returncode == 0, done.stderr
        manifest = json.loads((folder / "run/data/answers/manifest.json").read_text())
        counts = manifest["answers"]["questions"]
        assert counts["problems"] == counts["answers"] == len(QUESTIONS) and manifest["teacher"] == "smollm2", manifest
        answers = (folder / "run/data/answers/documents.bin").read_text()
        assert "Paris" in answers and "one short sentence" in answers, answers
        checked = json.loads((folder / "run/data/checked/manifest.json").read_text())
        assert checked["human_checked"] is False and checked["answers"] == counts["kept"], checked
        ledger = [json.loads(line) for line in (folder / "run/ledger.jsonl").read_text().splitlines()]
        tokens = sum(line["tokens"] for line in ledger if line["node"] == "process.ask")
        assert len(QUESTIONS) < tokens <= 40 * len(QUESTIONS), tokens
        print(f"{counts['answers']} answers of {tokens} tokens, {counts['kept']} with an end")
    os._exit(0)  # the server's threads have no end of their own


if __name__ == "__main__":
    main()
