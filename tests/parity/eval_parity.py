"""`rorqual eval` beside lm_eval's own `hf` model on the same folder, data and prompts: choices by log-likelihood with shots in the forms of
HellaSwag and MMLU, answers that are written in the form of GSM8K, bits a byte. Log-likelihoods agree within 1e-4, verdicts are equal."""

import csv
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

QUESTIONS, SHOTS = 40, 10
ANSWER_PATTERN = "(-?[0-9]+)"

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
description: "The following are multiple choice questions (with answers) about sums.\\n\\n"
doc_to_text: "{{{{question}}}}\\nA. {{{{choices[0]}}}}\\nB. {{{{choices[1]}}}}\\nC. {{{{choices[2]}}}}\\nD. {{{{choices[3]}}}}\\nAnswer:"
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
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{ until: ["\\n\\n", "Question:"], max_gen_toks: 32, do_sample: false }}
filter_list: [{{ name: last, filter: [{{ function: regex, regex_pattern: "PATTERN", group_select: -1 }}, {{ function: take_first }}] }}]
metric_list: [{{ metric: exact_match }}]
""".replace("PATTERN", ANSWER_PATTERN)
OUR_GSM8K = f"""
title = "sums"
kind = "generation"
[data]
files = ["sums.jsonl"]
[shots]
count = 4
source.files = ["sums_train.jsonl"]
[prompt]
question = "Question: {{{{ question }}}}\\nAnswer:"
answer = " {{{{ answer }}}}"
[answer]
right = "answer"
extract = "pattern"
pattern = '{ANSWER_PATTERN}'
[sampling]
max_tokens = 32
stop = ["\\n\\n", "Question:"]
"""
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
WORDS = "the a red green boat river stone walks sings over under seven children carry water home while old birds sleep in winter".split()


def sentence(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_data(folder):
    rng = random.Random(1)
    endings = [
        {
            "activity_label": sentence(rng, 2).title(),
            "ctx": sentence(rng, rng.randint(4, 12)).capitalize(),
            "endings": [sentence(rng, rng.randint(2, 9)) + "." for _ in range(4)],
            "label": rng.randrange(4),
        }
        for _ in range(QUESTIONS + SHOTS)
    ]
    letters, sums = [], []
    for _ in range(QUESTIONS + SHOTS):
        a, b = rng.randint(2, 99), rng.randint(2, 99)
        choices = [str(a + b + shift) for shift in rng.sample(range(-3, 4), 4)]
        letters.append({"question": f"What is {a} plus {b}?", "choices": choices, "answer": rng.randrange(4)})
        sums.append({"question": f"{sentence(rng, 6)}: {a} and {b}?", "answer": str(a + b)})
    for name, rows in (("endings", endings), ("letters", letters), ("sums", sums)):
        write_lines(folder / f"{name}.jsonl", rows[SHOTS:])
        write_lines(folder / f"{name}_train.jsonl", rows[:SHOTS])
    write_lines(folder / "texts.jsonl", [{"text": sentence(rng, rng.randint(3, 120)) + ".\n"} for _ in range(20)])
    for part, rows in (("test", letters[SHOTS:]), ("dev", letters[:SHOTS])):  # in MMLU's own files
        (folder / "mmlu" / part).mkdir(parents=True)
        with open(folder / "mmlu" / part / f"sums_{part}.csv", "w", newline="") as file:
            csv.writer(file).writerows([row["question"], *row["choices"], "ABCD"[row["answer"]]] for row in rows)


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


def ours(folder, model, output):
    command = [os.environ["RORQUAL"], "eval", str(model), "--data", str(folder), "--output", str(output), "--tasks"]
    command.append(",".join(str(folder / f"{name}.toml") for name in ("endings", "sums", "texts")) + ",mmlu")
    began = time.time()
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    records = {}
    for file in output.rglob("*.jsonl"):
        first, *lines = map(json.loads, file.read_text().splitlines())
        records[first["task"]] = lines
    return records, time.time() - began


def theirs(folder, model, output):
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32", "--device", "cpu"]
    command += ["--tasks", "endings,letters,sums,texts", "--include_path", str(folder), "--output_path", str(output), "--log_samples", "--batch_size", "8"]
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    began = time.time()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
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


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder)
        model = folder / "model"
        write_model(model, folder)
        for task, text in (("endings", THEIR_HELLASWAG), ("letters", THEIR_MMLU), ("sums", THEIR_GSM8K), ("texts", THEIR_TEXTS)):
            (folder / f"{task}.yaml").write_text(text.format(folder=folder))
        for task, text in (("endings", OUR_HELLASWAG), ("sums", OUR_GSM8K), ("texts", OUR_TEXTS)):
            (folder / f"{task}.toml").write_text(text)
        # A random model adds badly: every other question's answer becomes what it says, so that there are verdicts of both kinds.
        records, _ = ours(folder, model, folder / "before")
        rows = [json.loads(line) for line in (folder / "sums.jsonl").read_text().splitlines()]
        for row, line in list(zip(rows, records["sums"]))[::2]:
            row["answer"] = line["mark"]["found"][0] or row["answer"]
        write_lines(folder / "sums.jsonl", rows)
        records, our_s = ours(folder, model, folder / "ours")
        samples, their_s = theirs(folder, model, folder / "theirs")

    largest, verdicts, right = 0, 0, 0
    for task, other in (("endings", "endings"), ("mmlu", "letters")):
        assert len(records[task]) == QUESTIONS
        for i, line in enumerate(records[task]):
            sample = samples[other, i]
            for reply, [[logprob, greedy]] in zip(line["replies"], sample["resps"]):
                largest = max(largest, abs(reply["logprob"] - float(logprob)))
                assert str(reply["greedy"]) == str(greedy), (task, i)
            assert (is_right(line, 0), is_right(line, 1)) == (sample["acc"], sample["acc_norm"]), (task, i)
            verdicts, right = verdicts + 2, right + sample["acc"] + sample["acc_norm"]
    for i, line in enumerate(records["sums"]):
        sample = samples["sums", i]
        assert line["replies"][0].get("text", "") == sample["resps"][0][0], (i, line["replies"], sample["resps"])
        assert line["mark"]["score"] == sample["exact_match"], (i, line["mark"], sample["filtered_resps"])
        verdicts, right = verdicts + 1, right + sample["exact_match"]
    for i, line in enumerate(records["texts"]):
        largest = max(largest, abs(line["replies"][0]["logprob"] - float(samples["texts", i]["resps"][0][0])))
    assert largest < 1e-4, largest
    assert 20 < right < verdicts - 20, right
    print(f"log-likelihoods differ by {largest:.1e} at most; {verdicts} verdicts are equal, {right:.0f} of them right")
    print(f"rorqual {our_s:.1f} s, lm_eval {their_s:.1f} s, both with loading")


if __name__ == "__main__":
    main()
