"""`rorqual eval` beside lm_eval's own `hf` model on the same folder, data and prompts: choices by log-likelihood with shots in the forms of
HellaSwag and MMLU, answers that are written in the form of GSM8K, bits a byte. Log-likelihoods agree within 1e-4, verdicts are equal.

    python eval_parity.py             a random DeepseekV3 model and made-up questions
    python eval_parity.py --real      SmolLM2-135M-Instruct and the data sets that packages carry, HumanEval among them
"""

import csv
import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import DeepseekV3Config, DeepseekV3ForCausalLM, PreTrainedTokenizerFast

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from model_files import randomise
from smollm2 import hf_folder

SHOTS = 10
ANSWER_PATTERN = "(-?[0-9]+)"
LIMIT_S = 1_800
REAL_QUESTIONS = {"endings": 40, "letters": 40, "sums": 24, "code": 24}

THEIR_HELLASWAG = """
task: endings
dataset_path: json
dataset_kwargs: {{ data_files: {{ train: {folder}/endings_train.jsonl, test: {folder}/endings.jsonl }} }}
fewshot_split: train
test_split: test
num_fewshot: 3
fewshot_config: {{ sampler: first_n }}
output_type: multiple_choice
doc_to_text: "{{{{activity_label}}}}: {{{{ctx}}}}"
doc_to_choice: "{{{{endings}}}}"
doc_to_target: "{{{{label}}}}"
metric_list: [{{ metric: acc }}, {{ metric: acc_norm }}]
"""
OUR_HELLASWAG = """
title = "endings"
kind = "choice"
[data]
files = ["endings.jsonl"]
[shots]
count = 3
source.files = ["endings_train.jsonl"]
[prompt]
question = "{{ activity_label }}: {{ ctx }}"
answer = " {{ endings[label] }}"
[choice]
choices = "endings"
right = "label"
norm = "per-byte"
"""
THEIR_MMLU = """
task: letters
dataset_path: json
dataset_kwargs: {{ data_files: {{ train: {folder}/letters_train.jsonl, test: {folder}/letters.jsonl }} }}
fewshot_split: train
test_split: test
num_fewshot: 5
fewshot_config: {{ sampler: first_n }}
output_type: multiple_choice
description: "The following are multiple choice questions (with answers) about {subject}.\\n\\n"
doc_to_text: "{{{{question.strip()}}}}\\nA. {{{{choices[0]}}}}\\nB. {{{{choices[1]}}}}\\nC. {{{{choices[2]}}}}\\nD. {{{{choices[3]}}}}\\nAnswer:"
doc_to_choice: ["A", "B", "C", "D"]
doc_to_target: answer
metric_list: [{{ metric: acc }}, {{ metric: acc_norm }}]
"""
THEIR_GSM8K = """
task: sums
dataset_path: json
dataset_kwargs: {{ data_files: {{ train: {folder}/sums_train.jsonl, test: {folder}/sums.jsonl }} }}
fewshot_split: train
test_split: test
num_fewshot: 4
fewshot_config: {{ sampler: first_n }}
output_type: generate_until
doc_to_text: "Question: {{{{question}}}}\\nAnswer:"
doc_to_target: "{{{{worked}}}}"
generation_kwargs: {{ until: ["\\n\\n", "Question:"], max_gen_toks: {tokens}, do_sample: false }}
process_results: !function grading.last_number
metric_list: [{{ metric: right, aggregation: mean, higher_is_better: true }}]
"""
OUR_GSM8K = """
title = "sums"
kind = "generation"
[data]
files = ["sums.jsonl"]
[shots]
count = 4
source.files = ["sums_train.jsonl"]
[prompt]
question = "Question: {{ question }}\\nAnswer:"
answer = " {{ worked }}"
[answer]
right = "answer"
extract = "pattern"
pattern = 'PATTERN'
[sampling]
stop = ["\\n\\n", "Question:"]
""".replace("PATTERN", ANSWER_PATTERN)
THEIR_TEXTS = """
task: texts
dataset_path: json
dataset_kwargs: {{ data_files: {{ test: {folder}/texts.jsonl }} }}
test_split: test
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{{{text}}}}"
metric_list: [{{ metric: bits_per_byte }}]
"""
OUR_TEXTS = """
title = "texts"
kind = "perplexity"
text = "text"
data.files = ["texts.jsonl"]
"""
THEIR_HUMANEVAL = """
task: code
dataset_path: json
dataset_kwargs: {{ data_files: {{ test: {folder}/code.jsonl }} }}
test_split: test
output_type: generate_until
doc_to_text: "{{{{prompt}}}}"
doc_to_target: ""
generation_kwargs: {{ until: ["\\nclass ", "\\ndef ", "\\n#", "\\n@", "\\nprint", "\\nif ", "\\n```"], max_gen_toks: {tokens}, do_sample: false }}
process_results: !function grading.passes
metric_list: [{{ metric: passes, aggregation: mean, higher_is_better: true }}]
"""
GRADING = """
import re, subprocess, sys

def last_number(doc, results):
    found = re.findall(PATTERN, results[0])
    return {"right": float(bool(found) and found[-1] == doc["answer"])}

def passes(doc, results):
    program = doc["prompt"] + results[0] + "\\n" + doc["test"] + f"\\ncheck({doc['entry_point']})\\n"
    try:
        return {"passes": subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20).returncode == 0}
    except subprocess.TimeoutExpired:
        return {"passes": False}
""".replace("PATTERN", repr(ANSWER_PATTERN))
THEIRS = {"endings": THEIR_HELLASWAG, "letters": THEIR_MMLU, "sums": THEIR_GSM8K, "texts": THEIR_TEXTS, "code": THEIR_HUMANEVAL}
OURS = {"endings": OUR_HELLASWAG, "sums": OUR_GSM8K, "texts": OUR_TEXTS}
WORDS = "the a red green boat river stone walks sings over under seven children carry water home while old birds sleep in winter".split()


def sentence(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def made_up_rows():
    rng = random.Random(1)
    count = 40 + SHOTS
    endings = [
        {
            "activity_label": sentence(rng, 2).title(),
            "ctx": sentence(rng, rng.randint(4, 12)).capitalize(),
            "endings": [sentence(rng, rng.randint(2, 9)) + "." for _ in range(4)],
            "label": rng.randrange(4),
        }
        for _ in range(count)
    ]
    letters, sums = [], []
    for _ in range(count):
        a, b = rng.randint(2, 99), rng.randint(2, 99)
        choices = [str(a + b + shift) for shift in rng.sample(range(-3, 4), 4)]
        letters.append({"question": f"What is {a} plus {b}?", "choices": choices, "answer": rng.randrange(4)})
        sums.append({"question": f"{sentence(rng, 6)}: {a} and {b}?", "worked": str(a + b), "answer": str(a + b)})
    texts = [{"text": sentence(rng, rng.randint(3, 120)) + ".\n"} for _ in range(20)]
    return {"endings": endings, "letters": letters, "sums": sums, "texts": texts}


def real_rows(folder):
    """Of what `rorqual eval fetch` brings."""
    command = [os.environ["RORQUAL"], "eval", "fetch", "hellaswag", "mmlu", "gsm8k", "humaneval", "--data", str(folder / "fetched")]
    subprocess.run(command, check=True, capture_output=True, timeout=600)

    def lines(pattern):
        (file,) = (folder / "fetched").glob(pattern)
        text = gzip.open(file, "rt").read() if file.suffix == ".gz" else file.read_text()
        return [json.loads(line) for line in text.splitlines()]

    def questions_of(rows):
        return [{"question": row[0], "choices": row[1:5], "answer": "ABCD".index(row[5])} for row in rows]

    (letters,) = (folder / "fetched/mmlu").glob("test/*.csv")
    (letter_shots,) = (folder / "fetched/mmlu").glob("dev/*.csv")
    rows = {
        "endings": lines("hellaswag/*_train.jsonl") + lines("hellaswag/*_val.jsonl"),
        "letters": [row for file in (letter_shots, letters) for row in questions_of(csv.reader(open(file, newline="")))],
        "sums": lines("gsm8k/train.jsonl") + lines("gsm8k/test.jsonl"),
        "code": lines("humaneval/*"),
    }
    for row in rows["sums"]:
        row["worked"], row["answer"] = row["answer"].replace("\n\n", "\n"), row["answer"].split("####")[1].strip()
    rows["texts"] = [{"text": row["ctx"] + "\n"} for row in rows["endings"][:40]]
    return {task: some[: SHOTS + REAL_QUESTIONS[task]] if task in ("endings", "letters", "sums") else some[: REAL_QUESTIONS.get(task)] for task, some in rows.items()}


def write_data(folder, rows):
    for task in ("endings", "letters", "sums"):
        write_lines(folder / f"{task}_train.jsonl", rows[task][:SHOTS])
        write_lines(folder / f"{task}.jsonl", rows[task][SHOTS:])
    for task in rows.keys() - {"endings", "letters", "sums"}:
        write_lines(folder / f"{task}.jsonl", rows[task])
    if "code" in rows:  # as HumanEval lies
        (folder / "humaneval").mkdir()
        write_lines(folder / "humaneval/HumanEval.jsonl", rows["code"])
    for part, some in (("test", rows["letters"][SHOTS:]), ("dev", rows["letters"][:SHOTS])):  # in MMLU's own files
        (folder / "mmlu" / part).mkdir(parents=True)
        with open(folder / "mmlu" / part / f"sums_{part}.csv", "w", newline="") as file:
            csv.writer(file).writerows([row["question"], *row["choices"], "ABCD"[row["answer"]]] for row in some)


def write_model(folder, data):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<begin>", "<end>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train([str(file) for file in sorted(data.glob("*.jsonl"))], trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<begin>", eos_token="<end>").save_pretrained(folder)
    config = DeepseekV3Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, intermediate_size=96, moe_intermediate_size=32, num_hidden_layers=3,
        first_k_dense_replace=1, num_attention_heads=4, num_key_value_heads=4, n_routed_experts=8, num_experts_per_tok=2, n_shared_experts=1,
        n_group=2, topk_group=1, q_lora_rank=32, kv_lora_rank=24, qk_nope_head_dim=16, qk_rope_head_dim=8, v_head_dim=16,
        max_position_embeddings=1024, routed_scaling_factor=2.5, bos_token_id=0, eos_token_id=1, rope_scaling=None)
    torch.manual_seed(1)
    model = DeepseekV3ForCausalLM(config)
    randomise(model, 1)
    model.save_pretrained(folder)


def ours(folder, model, output, tasks, tokens):
    names = [str(folder / f"{task}.toml") if task in OURS else {"letters": "mmlu", "code": "humaneval"}[task] for task in tasks]
    command = [os.environ["RORQUAL"], "eval", str(model), "--data", str(folder), "--output", str(output), "--tasks", ",".join(names), "--set", f"sampling.max_tokens={tokens}"]
    began = time.time()
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr
    records = {}
    for file in output.rglob("*.jsonl"):
        first, *lines = map(json.loads, file.read_text().splitlines())
        records[{"mmlu": "letters", "humaneval": "code"}.get(first["task"], first["task"])] = lines
    return records, time.time() - began


def theirs(folder, model, output, tasks):
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32", "--device", "cpu"]
    command += ["--tasks", ",".join(tasks), "--include_path", str(folder), "--output_path", str(output), "--log_samples", "--batch_size", "8"]
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    began = time.time()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr[-3000:]
    samples = {}
    for file in output.rglob("samples_*.jsonl"):
        task = file.name.split("_")[1]
        for line in file.read_text().splitlines():
            sample = json.loads(line)
            samples[task, sample["doc_id"]] = sample
    return samples, time.time() - began


def is_right(line, norm):
    return float(line["mark"]["chosen"][norm] == line["right"])


def answer_sums(folder, lines):
    """A random model adds badly: every other question's answer becomes what it says, so that there are verdicts of both kinds."""
    rows = [json.loads(line) for line in (folder / "sums.jsonl").read_text().splitlines()]
    for row, line in list(zip(rows, lines))[::2]:
        row["answer"] = line["mark"]["found"][0] or row["answer"]
    write_lines(folder / "sums.jsonl", rows)


class Comparison:
    def __init__(self):
        self.largest, self.verdicts, self.right = (0, 0), 0, 0

    def count(self, our_score, their_score, where):
        assert our_score == their_score, (where, our_score, their_score)
        self.verdicts, self.right = self.verdicts + 1, self.right + their_score

    def near(self, our_logprob, their_logprob, where):
        """Within 1e-4, or what float32 keeps of a long text's sum."""
        difference = abs(our_logprob - their_logprob)
        assert difference < max(1e-4, 1e-6 * abs(their_logprob)), (where, our_logprob, their_logprob)
        self.largest = max(self.largest, (difference, abs(their_logprob)))

    def choice(self, line, sample, where):
        for reply, [[logprob, greedy]] in zip(line["replies"], sample["resps"]):
            self.near(reply["logprob"], float(logprob), where)
            assert str(reply["greedy"]) == str(greedy), where
        self.count(is_right(line, 0), sample["acc"], where)
        self.count(is_right(line, 1), sample["acc_norm"], where)

    def written(self, line, sample, where, metric):
        ours, theirs = line["replies"][0].get("text", ""), sample["resps"][0][0]
        assert ours == theirs, (where, ours, theirs)
        self.count(line["mark"]["score"], float(sample[metric]), where)

    def text(self, line, sample, where):
        self.near(line["replies"][0]["logprob"], float(sample["resps"][0][0]), where)


def main():
    is_real = "--real" in sys.argv
    tasks = ["endings", "letters", "sums", "texts", *(["code"] if is_real else [])]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder, real_rows(folder) if is_real else made_up_rows())
        model = hf_folder() if is_real else folder / "model"
        if not is_real:
            write_model(model, folder)
        words = {"folder": folder, "tokens": 192 if is_real else 32, "subject": "sums"}
        for task in tasks:
            (folder / f"{task}.yaml").write_text(THEIRS[task].format(**words))
            if task in OURS:
                (folder / f"{task}.toml").write_text(OURS[task])
        (folder / "grading.py").write_text(GRADING)
        if not is_real:
            records, _ = ours(folder, model, folder / "before", tasks, words["tokens"])
            answer_sums(folder, records["sums"])
        records, our_s = ours(folder, model, folder / "ours", tasks, words["tokens"])
        samples, their_s = theirs(folder, model, folder / "theirs", tasks)

    comparison = Comparison()
    for task in tasks:
        assert records[task] and len(records[task]) == sum(of == task for of, _ in samples), task
        for i, line in enumerate(records[task]):
            if task in ("endings", "letters"):
                comparison.choice(line, samples[task, i], (task, i))
            elif task == "texts":
                comparison.text(line, samples[task, i], (task, i))
            else:
                comparison.written(line, samples[task, i], (task, i), "right" if task == "sums" else "passes")
    assert 20 < comparison.right < comparison.verdicts - 20, comparison.right
    difference, logprob = comparison.largest
    print(f"log-likelihoods differ by {difference:.1e} at most (of -{logprob:.0f}); {comparison.verdicts} verdicts are equal, {comparison.right:.0f} of them right")
    print(f"rorqual {our_s:.1f} s, lm_eval {their_s:.1f} s, both with loading")


if __name__ == "__main__":
    main()
