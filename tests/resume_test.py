"""A run that is killed at random moments, and once asked to stop, ends in the bits of a run that was left alone."""

import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

KILLS = 4
RECIPE = """
name = "resume"
seed = 3
[data.mathematics]
heldout = 0.05
source.generator = { name = "worked-mathematics", count = 200, seed = 1 }
[process.tokenizer]
kind = "tokenizer"
from = ["mathematics"]
vocab_size = 400
makes = "resume"
[architecture.resume]
vocab_size = 400
width = 48
layers = 2
dense_layers = 1
dense_width = 64
context = 64
init_std = 0.02
attention = { heads = 2, query_rank = 24, kv_rank = 16, nope_width = 16, rope_width = 8, value_width = 16 }
moe = { experts = 8, top_k = 2, expert_width = 32, groups = 2, top_groups = 1, route_scale = 1.0 }
[process.pretrain]
kind = "pretrain"
architecture = "resume"
tokenizer = "resume"
mixture = { mathematics = 1.0 }
makes = "base"
[process.pretrain.train]
tokens = 61_440
sequence_length = 64
batch = { first = 4, last = 8, ramp_tokens = 20_000, multiple = 2 }
micro_batch = 4
learning_rate = { peak = 4e-3, warmup_tokens = 8_000 }
optimizer.method = "muon"
ema_decay = 0.95
checkpoint_every = 7
"""


def start(recipe, run):
    command = [os.environ["RORQUAL"], "run", str(recipe), "--run-dir", str(run)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(recipe, run):
    process = start(recipe, run)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 0, f"exit code {process.returncode}: {errors}"


def weights(run):
    return hashlib.sha256((run / "models/base/model.safetensors").read_bytes()).hexdigest()


def steps_of(run):
    path = run / "work/pretrain/metrics.jsonl"
    return len(path.read_text().splitlines()) if path.exists() else 0


def interrupt(recipe, run, with_signal, seconds_in):
    """Starts the run, waits until it has made steps of its own and then `seconds_in` more, and sends the signal."""
    before = steps_of(run)
    process = start(recipe, run)
    while process.poll() is None and steps_of(run) <= before:
        time.sleep(0.005)
    time.sleep(seconds_in)
    process.send_signal(with_signal)
    process.communicate(timeout=100)
    return process.returncode


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rorqual-resume-"))
    recipe = folder / "resume.toml"
    recipe.write_text(RECIPE)
    try:
        plain, broken = folder / "plain", folder / "broken"
        began = time.monotonic()
        finish(recipe, plain)
        draws = random.Random(time.time_ns())
        span = min((time.monotonic() - began) / (KILLS + 2), 2.0)
        killed = 0
        for _ in range(KILLS):
            seconds_in = draws.uniform(0, span)
            code = interrupt(recipe, broken, signal.SIGKILL, seconds_in)
            killed += code == -signal.SIGKILL
            print(f"killed {seconds_in:.3f} s into training, at line {steps_of(broken)} of metrics.jsonl: {code}")
        code = interrupt(recipe, broken, signal.SIGTERM, 0)
        print(f"asked to stop: {code}")
        assert killed > 0, "no kill found the run going: the recipe is too short"
        assert code in (0, 75), f"SIGTERM gave exit code {code}"
        finish(recipe, broken)
        print(f"plain  {weights(plain)}\nbroken {weights(broken)}")
        assert weights(plain) == weights(broken), "the weights differ"
        assert steps_of(plain) == steps_of(broken), "metrics.jsonl differs in length"
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
