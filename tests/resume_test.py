"""A run that is killed at random moments, and once asked to stop, ends in the bits of a run that was left alone."""

import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

KILLS = 3  # of each process
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
[data.facts]
heldout = 0
source.recall = { from = "mathematics", count = 60, least_bytes = 300, most_bytes = 1_500, facts = 4 }
[process.extend]
kind = "extend"
from = "base"
context = 256
mixture = { mathematics = 0.5, facts = 0.5 }
lengths = [{ from = 0, share = 0.3 }, { from = 256, share = 0.7 }]
train = { steps = 60, batch.last = 4, recompute = "norms", learning_rate.peak = 1e-3, checkpoint_every = 4 }
needle = { haystack = "mathematics", every = 10, lengths = [64], depths = [0.5], needles = 2 }
makes = "base-256"
[data.chats]
heldout = 0
source = { glob = ["chats.jsonl"], field = "messages" }
[process.sft]
kind = "sft"
from = "base-256"
samples = { chats = 1.5 }
train = { epochs = 4, step_tokens = 256, piece_tokens = 128, learning_rate = { peak = 1e-3, decayed = 1e-4 }, checkpoint_every = 6 }
makes = "sft"
[data.pairs]
heldout = 0
source = { glob = ["pairs.jsonl"], field = "chosen" }
[process.reward-model]
kind = "reward-model"
from = "sft"
pairs = { pairs = 1 }
train = { epochs = 4, step_tokens = 256, learning_rate = { peak = 1e-3, decayed = 1e-4 }, checkpoint_every = 6 }
makes = "worth"
[data.sums]
heldout = 0
source.problems = { kinds = ["sum", "counting"], count = 30, answers = "none" }
[process.rl]
kind = "rl"
from = "sft"
prompts = ["sums"]
rewards = { right = 1, language = 0.5, model = 0.1 }
reward_model = "worth"
makes = "rl"
[process.rl.train]
steps = 24
prompts = 3
group = 4
max_tokens = 10
learning_rate.peak = 1e-3
kl_weight = 0.01
reference_every = 5
minibatches = 2
piece_tokens = 128
checkpoint_every = 6
[process.reject]
kind = "synth"
from = "rl"
prompts = ["sums"]
samples = 3
max_tokens = 10
keep = { right = false, at_most = 2 }
clear_of = ["chats"]
makes = "kept"
[process.review]
kind = "review"
from = ["kept"]
review = "rules"
makes = "reviewed"
[evaluation.solved]
models = ["sft", "rl"]
problems = { kinds = ["sum", "counting"], count = 60, samples = 2, temperature = 1, max_tokens = 24 }
tasks = ["judged.toml"]
judge = "sft"
data = "asked"
limit = 40
"""
# The judge is a model that adds: what it says of an answer is a number.
JUDGED = """
title = "Judged"
kind = "generation"
data.files = ["rows.jsonl"]
prompt = { form = "chat", question = "{{ messages[0].content }}" }
answer.compare = "judge"
judge = { prompt = "{{ answer | length }} + 3 =", verdict = '(\\d)', most = 9, max_tokens = 8 }
sampling.max_tokens = 8
"""
CHATS = [{"messages": [{"role": "user", "content": f"{a} + {b} ="}, {"role": "assistant", "content": f"{a + b}"}]} for a in range(20) for b in range(20)]
PAIRS = [{"prompt": f"{a} + {b} =", "chosen": f"{a + b}", "rejected": f"{a + b + 1}"} for a in range(20) for b in range(20)]
PROCESSES = {"pretrain": "base", "extend": "base-256", "sft": "sft", "reward-model": "worth", "rl": "rl"}  # and the model that each makes


def start(recipe, run, until="rl"):
    command = [os.environ["RORQUAL"], "run", str(recipe), "--run-dir", str(run), *(["--until", until] if until else [])]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(recipe, run, until="rl"):
    process = start(recipe, run, until)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 0, f"exit code {process.returncode}: {errors}"


def weights(run):
    return {model: hashlib.sha256((run / f"models/{model}/model.safetensors").read_bytes()).hexdigest() for model in PROCESSES.values()}


def steps_of(run):
    """Lines of metrics.jsonl, process by process."""
    paths = [run / f"work/{process}/metrics.jsonl" for process in PROCESSES]
    return [len(path.read_text().splitlines()) if path.exists() else 0 for path in paths]


def seconds_of(run):
    """What each process took."""
    lines = map(json.loads, (run / "ledger.jsonl").read_text().splitlines())
    return {line["node"].removeprefix("process."): line["wall_s"] for line in lines}


def written(run):
    """What models wrote: the rollouts, what was kept of a teacher's answers and reviewed, and what an evaluation made of them."""
    texts = [(run / path).read_text() for path in ("work/rl/rollouts.jsonl", "data/kept/documents.bin", "data/reviewed/documents.bin")]
    return texts + [(run / "evaluations/solved/table.md").read_text()]


def interrupt(recipe, run, until, with_signal, seconds_in):
    """Starts the run, waits until it has made steps of its own and then `seconds_in` more, and sends the signal."""
    before = sum(steps_of(run))
    process = start(recipe, run, until)
    while process.poll() is None and sum(steps_of(run)) <= before:
        time.sleep(0.005)
    time.sleep(seconds_in)
    process.send_signal(with_signal)
    process.communicate(timeout=100)
    return process.returncode


def interrupt_early(recipe, run, until):
    """Kills a process that takes no steps, some time after its start."""
    process = start(recipe, run, until)
    time.sleep(random.uniform(0, 0.3))
    process.kill()
    process.communicate(timeout=100)


def interrupt_evaluation(recipe, run):
    """Kills an evaluation that has begun to answer; tells whether it was still at it."""
    records = run / "evaluations/solved"
    before = sum(path.stat().st_size for path in records.rglob("*.jsonl")) if records.exists() else 0
    process = start(recipe, run, until=None)
    while process.poll() is None and not (records.exists() and sum(path.stat().st_size for path in records.rglob("*.jsonl")) > before):
        time.sleep(0.002)
    process.kill()
    process.communicate(timeout=100)
    return process.returncode == -signal.SIGKILL


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rorqual-resume-"))
    recipe = folder / "resume.toml"
    recipe.write_text(RECIPE)
    (folder / "judged.toml").write_text(JUDGED)
    (folder / "asked").mkdir()
    for name, lines in (("chats", CHATS), ("pairs", PAIRS), ("asked/rows", CHATS)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    try:
        plain, broken = folder / "plain", folder / "broken"
        finish(recipe, plain)
        draws = random.Random(time.time_ns())
        seconds = seconds_of(plain)
        for process in PROCESSES:
            killed = 0
            for _ in range(KILLS):
                seconds_in = draws.uniform(0, seconds[process] / (KILLS + 1))
                code = interrupt(recipe, broken, process, signal.SIGKILL, seconds_in)
                killed += code == -signal.SIGKILL
                print(f"{process} killed {seconds_in:.3f} s into training, after the steps {steps_of(broken)}: {code}")
            code = interrupt(recipe, broken, process, signal.SIGTERM, 0)
            print(f"{process} asked to stop: {code}")
            assert killed > 0, f"no kill found {process} going: the recipe is too short"
            assert code in (0, 75), f"SIGTERM gave exit code {code}"
            finish(recipe, broken, process)
        print(f"plain  {weights(plain)}\nbroken {weights(broken)}")
        assert weights(plain) == weights(broken), "the weights differ"
        assert steps_of(plain) == steps_of(broken), "metrics.jsonl differs in length"
        finish(recipe, plain, until=None)
        interrupt_early(recipe, broken, "review")
        finish(recipe, broken, "review")
        assert interrupt_evaluation(recipe, broken), "no kill found the evaluation going: it asks too little"
        finish(recipe, broken, until=None)
        assert written(plain) == written(broken), "what models wrote differs"
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
