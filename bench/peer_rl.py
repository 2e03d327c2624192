"""TRL's side of bench_rl.cpp. Prints one line of JSON.

    peer_rl.py FOLDER STEPS PROMPTS GROUP NEW BETA RATE    GRPO on FOLDER/prompts.json; the first step is not reported
"""

import json
import os
import pathlib
import sys
import time
import warnings

warnings.filterwarnings("ignore")
os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"

import torch
import transformers
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


class Timed(GRPOTrainer):
    """Keeps what generation and whole steps took."""

    rollout_s, step_s, lengths = [], [], []

    def _generate_single_turn(self, *arguments):
        began = time.monotonic()
        result = super()._generate_single_turn(*arguments)
        self.rollout_s.append(time.monotonic() - began)
        self.lengths.append(sum(map(len, result[0])) / len(result[0]))
        return result

    def training_step(self, *arguments):
        began = time.monotonic()
        loss = super().training_step(*arguments)
        self.step_s.append(time.monotonic() - began)
        return loss


def digits(completions, **_):
    return [sum(c.isdigit() for c in text) / max(len(text), 1) for text in completions]


def main(folder, steps, prompts, group, new, beta, rate):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    questions = json.loads((pathlib.Path(folder) / "prompts.json").read_text())
    config = GRPOConfig(
        output_dir=str(pathlib.Path(folder) / "trl"), max_steps=steps, per_device_train_batch_size=prompts * group, num_generations=group,
        max_completion_length=new, beta=beta, learning_rate=rate, lr_scheduler_type="constant", loss_type="grpo", report_to="none",
        save_strategy="no", logging_steps=10**6, disable_tqdm=True, bf16=False, use_cpu=True, gradient_checkpointing=False, shuffle_dataset=False)
    trainer = Timed(model, reward_funcs=digits, args=config, train_dataset=Dataset.from_list([{"prompt": one} for one in questions]),
                    processing_class=transformers.AutoTokenizer.from_pretrained(folder))
    trainer.train()
    print(json.dumps({"rollout_s": trainer.rollout_s[1:], "step_s": trainer.step_s[1:], "lengths": trainer.lengths[1:]}))


main(sys.argv[1], *map(int, sys.argv[2:6]), *map(float, sys.argv[6:8]))
