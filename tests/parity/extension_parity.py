"""A model extended twice by YaRN gives the log-probabilities of transformers at every length, up to its whole context."""

import os
import pathlib
import subprocess
import sys
import tempfile

import torch
import transformers

from model_parity import largest, load_peer, report, scores_of_ours, scores_of_peer

CONTEXTS = {"base": 64, "base-512": 512, "base-2048": 2048}
RECIPE = """
name = "extension"
seed = 5
[data.mathematics]
heldout = 0.05
source.generator = { name = "worked-mathematics", count = 100, seed = 1 }
[process.tokenizer]
kind = "tokenizer"
from = ["mathematics"]
vocab_size = 400
makes = "t"
[architecture.a]
vocab_size = 400
width = 48
layers = 2
dense_layers = 1
dense_width = 64
context = 64
init_std = 0.1
attention = { heads = 2, query_rank = 24, kv_rank = 16, nope_width = 16, rope_width = 16, value_width = 16 }
moe = { experts = 8, top_k = 2, expert_width = 32, groups = 2, top_groups = 1, route_scale = 1.0 }
[process.pretrain]
kind = "pretrain"
architecture = "a"
tokenizer = "t"
mixture = { mathematics = 1.0 }
train = { steps = 10, batch.last = 8, learning_rate.peak = 4e-3 }
makes = "base"
[process.extend-1]
kind = "extend"
from = "base"
context = 512
mixture = { mathematics = 1.0 }
train = { steps = 2, batch.last = 2, learning_rate.peak = 1e-3 }
makes = "base-512"
[process.extend-2]
kind = "extend"
from = "base-512"
context = 2048
mixture = { mathematics = 1.0 }
train = { steps = 2, batch.last = 1, learning_rate.peak = 1e-3 }
makes = "base-2048"
"""


def check_model(binary, folder, context, work):
    model, problems = load_peer(folder)
    rope = model.config.rope_parameters
    if context > CONTEXTS["base"]:
        expected = ("yarn", context / CONTEXTS["base"], CONTEXTS["base"])
        written = (rope["rope_type"], rope["factor"], rope["original_max_position_embeddings"])
        if written != expected:
            problems.append(f"rope_parameters are {written}, not {expected}")
    results = []
    for length in (16, 64, 65, 300, 512, 1500, 2048):
        if length <= context:
            tokens = torch.randint(0, 400, (2, length), generator=torch.Generator().manual_seed(length))
            ours = scores_of_ours(binary, folder, tokens, work)
            results.append(report(f"{folder.name}, {length} tokens",
                                  {"score": largest(ours, scores_of_peer(model, tokens)[0])}, problems))
    return results


def main():
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    binary = os.environ["RORQUAL"]
    with tempfile.TemporaryDirectory() as text:
        work = pathlib.Path(text)
        (work / "extension.toml").write_text(RECIPE)
        subprocess.run([binary, "run", work / "extension.toml", "--run-dir", work / "run"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = [ok for name, context in CONTEXTS.items()
                   for ok in check_model(binary, work / "run" / "models" / name, context, work)]
    print(f"{sum(results)} of {len(results)} agree")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
