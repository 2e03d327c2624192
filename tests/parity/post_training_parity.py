"""Supervised fine-tuning and GRPO step for step beside TRL, from the same model on the same samples: losses, KL and gradient norms.

    RORQUAL=PROGRAM .venv-peers/bin/python tests/parity/post_training_parity.py [FOLDER]

The model is one that the test makes, of V3's parts; or that of FOLDER, a checkpoint with a tokenizer and a chat template. TRL's
trainers take the steps themselves. SFTTrainer gets the conversations; GRPOTrainer the answers that rorqual drew, with their
advantages, so that each of its steps has to follow from rorqual's own weights of the step before.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import train_model

SFT_STEPS, RL_STEPS, PROMPTS, GROUP, EPOCHS = 6, 3, 6, 4, 2
RATE = 2e-5 if sys.argv[1:] else 2e-3
BETA, MAX_TOKENS = 0.05, 24
# Where a sum of advantages is 0, a gradient is nothing but rounding, and Adam would make steps of it as large as any other.
EPSILON = 1e-4
TOLERANCE = 1e-5
ADAMW = dict(adam_beta1=0.9, adam_beta2=0.95, adam_epsilon=EPSILON, weight_decay=0.0, max_grad_norm=1.0, learning_rate=RATE,
             lr_scheduler_type="constant")
QUIET = dict(report_to="none", save_strategy="no", logging_steps=1, disable_tqdm=True, bf16=False, fp16=False, use_cpu=True,
             gradient_checkpointing=False, seed=1)

TEACHES = """
[data.worked]
heldout = 0
source = { glob = ["coins.jsonl"], problems = { from_files = true, answers = "bare" } }
[process.learn]
kind = "sft"
from = "base"
samples = { worked = 1 }
train = { epochs = 8, step_tokens = 512, learning_rate.peak = 6e-3, optimizer.method = "muon" }
makes = "taught"
"""
BRINGS = """
[model.taught]
path = "{}"
"""

RECIPE = f"""
name = "parity"
seed = 3
[data.few]
heldout = 0
source.problems = {{ kinds = ["order", "sum"], count = 12, answers = "short" }}
[process.sft]
kind = "sft"
from = "base"
samples = {{ few = 1 }}
makes = "sft"
[process.sft.train]
epochs = {SFT_STEPS}
learning_rate = {{ peak = {RATE}, decayed = {RATE} }}
optimizer = {{ weight_decay = 0, epsilon = {EPSILON} }}
mtp_weight.first = 0
balance_weight = 0
bias_step.first = 0
[data.problems]
heldout = 0
source = {{ glob = ["coins.jsonl"], problems = {{ from_files = true, answers = "none" }} }}
[process.rl]
kind = "rl"
from = "taught"
prompts = ["problems"]
makes = "rl"
[process.rl.train]
steps = {RL_STEPS}
prompts = {PROMPTS}
group = {GROUP}
epochs = {EPOCHS}
max_tokens = {MAX_TOKENS}
kl_weight = {BETA}
piece_tokens = 300
learning_rate.peak = {RATE}
optimizer = {{ weight_decay = 0, epsilon = {EPSILON} }}
balance_weight = 0
bias_step.first = 0
"""

# Problems that guessing solves half of the time, so that hardly a group is flat.
COINS = [{"id": f"coin-{i}", "domain": "math", "kind": "coin", "difficulty": 0, "answer": str(i * 7 % 3 % 2),
          "prompt": f"Coin {i}: heads or tails? Answer \\boxed{{1}} or \\boxed{{0}}."} for i in range(300)]


def run(folder, *settings):
    command = [os.environ["RORQUAL"], "run", str(folder / "parity.toml"), "--run-dir", str(folder / "run")]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-2000:]


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32), AutoTokenizer.from_pretrained(folder)


def compare(name, ours, theirs):
    assert len(ours) == len(theirs) > 0, f"{name}: {len(ours)} values beside {len(theirs)}"
    worst = max(abs(a - b) / max(abs(b), 1) for a, b in zip(ours, theirs))
    print(f"{name:<28} {len(ours)} values, {theirs[0]:.4f} to {theirs[-1]:.4f}, largest difference {worst:.1e}")
    assert worst < TOLERANCE, (name, ours, theirs)


def fine_tuning(folder, base):
    """Each step sees all conversations, so that their order does not matter."""
    run(folder)
    tokens = json.loads((folder / "run/work/sft/samples.json").read_text())["few"]["tokens"]
    run(folder, f"process.sft.train.step_tokens={tokens}")
    steps = lines(folder / "run/work/sft/metrics.jsonl")
    chats = [json.loads(text)["messages"] for text in documents(folder / "run/data/few")]
    model, tokenizer = load(base)
    trainer = SFTTrainer(
        model, SFTConfig(output_dir=str(folder / "trl"), max_steps=SFT_STEPS, per_device_train_batch_size=len(chats), max_length=None,
                         **ADAMW, **QUIET),
        train_dataset=Dataset.from_list([{"prompt": chat[:1], "completion": chat[1:]} for chat in chats]), processing_class=tokenizer)
    trainer.train()
    theirs = [entry for entry in trainer.state.log_history if "loss" in entry]
    compare("SFT loss", [step["loss"] for step in steps], [entry["loss"] for entry in theirs])
    compare("SFT gradient norm", [step["gradient_norm"] for step in steps], [float(entry["grad_norm"]) for entry in theirs])


def documents(box):
    """The documents of a data box: all bytes, and where each begins."""
    text = (box / "documents.bin").read_bytes()
    offsets = memoryview((box / "documents.offsets").read_bytes()).cast("Q")
    return [text[a:b].decode() for a, b in zip(offsets, offsets[1:])]


def reinforcement(folder, taught, mean, loss_type, correction):
    run(folder, f'process.rl.train.mean="{mean}"', f"process.rl.train.kl_correction={str(correction).lower()}")
    work = folder / "run/work/rl"
    steps, groups = lines(work / "metrics.jsonl"), lines(work / "rollouts.jsonl")
    advantages = [answer["advantage"] for group in groups for answer in group["answers"]]
    assert sum(abs(one) > 0.1 for one in advantages) > 10, "nearly all groups are flat: nothing is compared"
    model, tokenizer = load(taught)
    taken = []

    def roll_out(prompts, _):
        step = groups[PROMPTS * len(taken) : PROMPTS * (len(taken) + 1)]
        answers = [(group["prompt"], answer) for group in step for answer in group["answers"]]
        taken.append([answer["advantage"] for _, answer in answers])
        asked = [tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True)["input_ids"] for prompt, _ in answers]
        tokens = [answer["tokens"] for _, answer in answers]
        return {"prompt_ids": asked, "completion_ids": tokens, "logprobs": [[0.0] * len(one) for one in tokens]}

    trainer = GRPOTrainer(
        model, reward_funcs=lambda completions, **_: taken[-1], rollout_func=roll_out, processing_class=tokenizer,
        train_dataset=Dataset.from_list([{"prompt": str(i)} for i in range(PROMPTS)]),
        args=GRPOConfig(output_dir=str(folder / "trl"), max_steps=RL_STEPS * EPOCHS, per_device_train_batch_size=PROMPTS * GROUP,
                        num_generations=GROUP, num_iterations=EPOCHS, max_completion_length=MAX_TOKENS, beta=BETA, epsilon=0.2,
                        loss_type=loss_type, scale_rewards="none", use_bias_correction_kl=correction, **ADAMW, **QUIET))
    trainer.train()
    theirs = [entry for entry in trainer.state.log_history if "loss" in entry]
    last = theirs[EPOCHS - 1 :: EPOCHS]  # rorqual reports a step's last update, and means over its updates
    compare(f"GRPO loss, {mean} mean", [step["loss"] for step in steps], [entry["loss"] for entry in last])
    compare("GRPO gradient norm", [step["gradient_norm"] for step in steps], [float(entry["grad_norm"]) for entry in last])
    kl = [sum(entry["kl"] for entry in theirs[i : i + EPOCHS]) / EPOCHS for i in range(0, len(theirs), EPOCHS)]
    compare("GRPO KL a token", [step["kl"] for step in steps], kl)


def main(brought=None):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "base").mkdir()
        base = brought or train_model(folder / "base")
        taught = BRINGS.format(brought) if brought else TEACHES
        (folder / "parity.toml").write_text(RECIPE + f'[model.base]\npath = "{base}"\n' + taught)
        (folder / "coins.jsonl").write_text("".join(json.dumps(coin) + "\n" for coin in COINS))
        fine_tuning(folder, base)
        taught = brought or folder / "run/models/taught"
        reinforcement(folder, taught, "sequence", "grpo", correction=False)
        reinforcement(folder, taught, "token", "bnpo", correction=True)


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:]))
