"""lm_eval's `local-completions` against `rorqual serve`, beside its own `hf` model on the same folder: a task of log-likelihoods and one
of generation come out alike."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from served import Served, train_model

# Choices by log-likelihood, of all lengths, some of them the greedy continuation; and continuations up to a stop.
CHOICES = """
task: choices
dataset_path: json
dataset_kwargs: {{ data_files: {{ test: {data} }} }}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{question}}}}"
doc_to_choice: "{{{{choices}}}}"
doc_to_target: "{{{{answer}}}}"
target_delimiter: ""
metric_list: [{{ metric: acc }}, {{ metric: acc_norm }}]
"""
ANSWERS = """
task: answers
dataset_path: json
dataset_kwargs: {{ data_files: {{ test: {data} }} }}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{ until: ["\\n"], max_gen_toks: 24, do_sample: false }}
metric_list: [{{ metric: exact_match }}]
"""


def write_tasks(folder):
    rows = [
        {"question": f"So {a} + {b} =", "choices": [f" {a + b}", f" {a + b + 1}", " 0 and then", f" {a}{b}"], "answer": 0}
        for a in range(3, 11)
        for b in range(2, 6)
    ]
    (folder / "choices.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "answers.jsonl").write_text("".join(json.dumps({"question": row["question"], "answer": "5"}) + "\n" for row in rows[:12]))
    (folder / "choices.yaml").write_text(CHOICES.format(data=folder / "choices.jsonl"))
    (folder / "answers.yaml").write_text(ANSWERS.format(data=folder / "answers.jsonl"))


def evaluate(folder, name, *arguments):
    command = [sys.executable, "-m", "lm_eval", "run", *arguments, "--tasks", "choices,answers", "--include_path", str(folder)]
    command += ["--output_path", str(folder / name), "--log_samples", "--batch_size", "4"]
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    samples = {}
    for file in (folder / name).rglob("samples_*.jsonl"):
        for line in file.read_text().splitlines():
            sample = json.loads(line)
            task = "choices" if "choices" in file.name else "answers"
            samples[task, sample["doc_id"]] = sample["resps"]
    return samples


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = train_model(folder)
        write_tasks(folder)
        theirs = evaluate(folder, "hf", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32", "--device", "cpu")
        with Served("--model", model) as server:
            ours = evaluate(
                folder,
                "served",
                "--model",
                "local-completions",
                "--model_args",
                f"model=base,base_url=http://127.0.0.1:{server.port}/v1/completions,tokenizer={model},tokenizer_backend=huggingface,num_concurrent=4",
            )
    assert ours.keys() == theirs.keys() and len(ours) == 44, (len(ours), len(theirs))
    largest = 0
    for key, answer in theirs.items():
        if key[0] == "answers":
            assert ours[key] == answer, (key, ours[key], answer)
            continue
        for [[mine, is_mine_greedy]], [[other, is_other_greedy]] in zip(ours[key], answer):
            assert str(is_mine_greedy) == str(is_other_greedy), (key, ours[key], answer)
            largest = max(largest, abs(float(mine) - float(other)))
    assert largest < 1e-3, largest
    print(f"32 questions of 4 choices: log-likelihoods differ by {largest:.1e} at most; 12 continuations are the same")


if __name__ == "__main__":
    main()
