"""Holds `rorqual score` to transformers' log-probabilities, on small random checkpoints and on folders of ours.

    .venv-peers/bin/python tests/parity/model_parity.py --binary PATH [--saved runs/smoke/models/base]

Builds checkpoints of every architecture that rorqual reads, with transformers, scores the same tokens with both in
float32, and prints the largest difference of a log-probability. A --saved folder was written by rorqual; transformers
must load it without a missing or surplus tensor and agree on it too. Exit code 1 where a difference exceeds 1e-4.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch
import transformers

TOLERANCE = 1e-4
SEQUENCES = 3
LENGTH = 48

COMMON = dict(vocab_size=160, hidden_size=48, intermediate_size=80, num_hidden_layers=3, num_attention_heads=4,
              max_position_embeddings=256, bos_token_id=0, eos_token_id=1)
LATENT = dict(COMMON, num_key_value_heads=4, kv_lora_rank=16, q_lora_rank=20, qk_nope_head_dim=12, qk_rope_head_dim=8,
              v_head_dim=10, n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=3, moe_intermediate_size=24,
              first_k_dense_replace=1)
V3 = dict(LATENT, n_group=4, topk_group=2, norm_topk_prob=True, routed_scaling_factor=2.5)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=8.0, beta_fast=32.0, beta_slow=1.0,
            original_max_position_embeddings=32)
LLAMA3 = dict(rope_type="llama3", rope_theta=10000.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)

# Name, config class, settings.
CASES = [
    ("deepseek_v3", "DeepseekV3Config", V3),
    ("deepseek_v3 without query rank", "DeepseekV3Config", dict(V3, q_lora_rank=None)),
    ("deepseek_v3 one group", "DeepseekV3Config", dict(V3, n_group=1, topk_group=1)),
    ("deepseek_v3 weights not normalised", "DeepseekV3Config", dict(V3, norm_topk_prob=False)),
    ("deepseek_v3 YaRN", "DeepseekV3Config",
     dict(V3, rope_parameters=dict(YARN, mscale=1.0, mscale_all_dim=1.0))),
    ("deepseek_v3 YaRN, unequal mscales", "DeepseekV3Config",
     dict(V3, rope_parameters=dict(YARN, mscale=0.7, mscale_all_dim=1.3))),
    ("deepseek_v3 YaRN without mscales", "DeepseekV3Config", dict(V3, rope_parameters=YARN)),
    ("deepseek_v3 YaRN, attention_factor", "DeepseekV3Config",
     dict(V3, rope_parameters=dict(YARN, attention_factor=1.4, mscale_all_dim=0.5))),
    ("deepseek_v3 not interleaved", "DeepseekV3Config", dict(V3, rope_interleave=False)),
    ("deepseek_v3 tied, eps 1e-3", "DeepseekV3Config", dict(V3, tie_word_embeddings=True, rms_norm_eps=1e-3)),
    ("deepseek_v3 no shared experts", "DeepseekV3Config", dict(V3, n_shared_experts=0)),
    ("deepseek_v3 two shared, biases", "DeepseekV3Config", dict(V3, n_shared_experts=2, attention_bias=True)),
    ("deepseek_v3 all dense", "DeepseekV3Config", dict(V3, first_k_dense_replace=3)),
    ("deepseek_v2 greedy", "DeepseekV2Config", dict(LATENT, topk_method="greedy", n_group=1, topk_group=1)),
    ("deepseek_v2 groups", "DeepseekV2Config",
     dict(LATENT, topk_method="group_limited_greedy", n_group=4, topk_group=2, routed_scaling_factor=1.5)),
    ("deepseek_v2 YaRN 0.707", "DeepseekV2Config",
     dict(LATENT, q_lora_rank=None, topk_method="greedy", n_group=1, topk_group=1,
          rope_parameters=dict(YARN, mscale=0.707, mscale_all_dim=0.707))),
    ("llama grouped queries", "LlamaConfig", dict(COMMON, num_key_value_heads=2)),
    ("llama llama3, biases, head 16", "LlamaConfig",
     dict(COMMON, num_key_value_heads=1, head_dim=16, attention_bias=True, rope_parameters=LLAMA3)),
    ("llama linear, tied", "LlamaConfig",
     dict(COMMON, num_key_value_heads=4, tie_word_embeddings=True,
          rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=2.0))),
    ("qwen2", "Qwen2Config", dict(COMMON, num_key_value_heads=2, rms_norm_eps=1e-5)),
    ("qwen2 YaRN", "Qwen2Config", dict(COMMON, num_key_value_heads=2, rope_parameters=YARN)),
]


def randomise(model, seed):
    """Weights whose logits are far from flat; no gain, offset or bias is left at a value that hides it."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        named = dict(model.named_parameters()) | dict(model.named_buffers())
        for name, tensor in named.items():
            if name.endswith("inv_freq") or tensor.numel() == 0:
                continue
            noise = torch.randn(tensor.shape, generator=generator)
            if name.endswith("norm.weight"):
                tensor.copy_(1 + 0.3 * noise)
            elif name.endswith("e_score_correction_bias"):
                tensor.copy_(0.2 * noise)
            elif tensor.dim() == 1:
                tensor.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                tensor.copy_(0.7 * noise)
            else:
                tensor.copy_(1.3 * noise * tensor.shape[-1] ** -0.5)


def tokens_of(vocab_size, seed):
    return torch.randint(0, vocab_size, (SEQUENCES, LENGTH), generator=torch.Generator().manual_seed(seed))


def scores_of_peer(model, tokens):
    with torch.no_grad():
        logits = model(tokens).logits[:, :-1].double()
    scores = logits.log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    return scores, logits.std(-1).mean().item()


def scores_of_ours(binary, folder, tokens, work):
    source, target = work / "in.jsonl", work / "out.jsonl"
    source.write_text("".join(json.dumps({"tokens": row}) + "\n" for row in tokens.tolist()))
    subprocess.run([binary, "score", "--model", folder, "--input", source, "--output", target], check=True)
    rows = [json.loads(line)["logprobs"] for line in target.read_text().splitlines()]
    assert len(rows) == len(tokens) and all(len(row) == LENGTH and row[0] is None for row in rows)
    return torch.tensor([row[1:] for row in rows], dtype=torch.float64)


def compare(name, binary, folder, model, work, seed):
    tokens = tokens_of(model.config.vocab_size, seed)
    peer, spread = scores_of_peer(model, tokens)
    try:
        off = (scores_of_ours(binary, folder, tokens, work) - peer).abs().max().item()
    except subprocess.CalledProcessError as error:
        print(f"FAIL  {name:<44}  exit code {error.returncode}", flush=True)
        return False
    ok = off <= TOLERANCE
    print(f"{'ok  ' if ok else 'FAIL'}  {name:<44}  largest difference {off:.1e}  (logits' deviation {spread:.1f})",
          flush=True)
    return ok


def check_case(binary, index, case):
    name, config_class, settings = case
    config = getattr(transformers, config_class)(**settings)
    torch.manual_seed(index)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    randomise(model, index)
    with tempfile.TemporaryDirectory() as text:
        work = pathlib.Path(text)
        model.save_pretrained(work / "model", max_shard_size="100KB" if index % 2 else "5GB")
        return compare(name, binary, work / "model", model, work, index)


def check_saved(binary, folder):
    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    # transformers itself leaves out the layers of multi-token prediction.
    layers = model.config.num_hidden_layers
    surplus = [key for key in report["unexpected_keys"] if not any(
        f"layers.{layers + depth}." in key for depth in range(8))]
    with tempfile.TemporaryDirectory() as work:
        ok = compare(f"saved by rorqual: {pathlib.Path(folder).name}", binary, folder, model.eval(),
                     pathlib.Path(work), 0)
    for kind, keys in (("missing", report["missing_keys"]), ("surplus", surplus)):
        if keys:
            print(f"FAIL  {folder}: {kind} tensors: {', '.join(sorted(keys))}")
            ok = False
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("RORQUAL"), help="the rorqual program; RORQUAL names it too")
    parser.add_argument("--saved", action="append", default=[], help="a model folder that rorqual wrote; repeatable")
    parser.add_argument("--only", default="", help="only the cases whose name contains this")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", message="Initializing zero-element tensors")
    torch.set_num_threads(1)
    results = [check_case(arguments.binary, index, case) for index, case in enumerate(CASES)
               if arguments.only in case[0]]
    results += [check_saved(arguments.binary, folder) for folder in arguments.saved]
    print(f"{sum(results)} of {len(results)} agree within {TOLERANCE}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
