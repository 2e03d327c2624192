"""Holds the model and its folders to transformers' log-probabilities, on small random checkpoints.

    .venv-peers/bin/python tests/parity/model_parity.py --binary PATH --probe PATH [--saved runs/smoke/models/base]

Builds checkpoints of every architecture that rorqual reads, with transformers, scores the same tokens with both in
float32, and prints the largest difference of a log-probability: of the model itself, of the folder that rorqual writes of
it as transformers reads it, and of the predictions further ahead (MTP). Narrow types are written here, and compared with
transformers on the numbers that they stand for. A --saved folder was written by rorqual; transformers must load it
without a missing or surplus tensor and agree on it too. Exit code 1 where a difference exceeds 1e-4.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import torch
import transformers
from transformers.modeling_layers import MtpModel

from model_files import narrow_folder, randomise, read_folder, v3_names, write_folder

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

# Wide enough for several FP8 blocks, the last ones partial.
WIDE = dict(V3, hidden_size=160, intermediate_size=300, q_lora_rank=136)

# Name, config class, settings, and how the weights are stored where it is not float32.
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
    ("deepseek_v3 two prediction layers", "DeepseekV3Config", dict(V3, num_nextn_predict_layers=2)),
    ("deepseek_v3 prediction, tied, YaRN", "DeepseekV3Config",
     dict(V3, num_nextn_predict_layers=1, tie_word_embeddings=True, first_k_dense_replace=3,
          rope_parameters=dict(YARN, mscale=1.0, mscale_all_dim=1.0))),
    ("deepseek_v3 bfloat16", "DeepseekV3Config", V3, "bfloat16"),
    ("deepseek_v3 float16", "DeepseekV3Config", V3, "float16"),
    ("deepseek_v3 FP8 in blocks", "DeepseekV3Config", WIDE, "fp8"),
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


def tokens_of(vocab_size, seed):
    return torch.randint(0, vocab_size, (SEQUENCES, LENGTH), generator=torch.Generator().manual_seed(seed))


def chosen(logits, tokens):
    """The log-probability of each token under the logits of its place."""
    return logits.double().log_softmax(-1).gather(-1, tokens[..., None])[..., 0]


def scores_of_peer(model, tokens):
    with torch.no_grad():
        output = model(tokens, output_hidden_states=True)
    return chosen(output.logits[:, :-1], tokens[:, 1:]), output.hidden_states[-1]


def predictions_of_peer(predictor, hidden, tokens):
    """Depth k sees, at place i, the hidden state of i and token i + 1 + k; it predicts the token after that."""
    scores = []
    for depth in range(len(predictor.layers)):
        seen = tokens.shape[1] - 1 - depth
        places = torch.arange(1 + depth, 1 + depth + seen)[None].expand(len(tokens), -1)
        with torch.no_grad():
            hidden = predictor.forward_layer(depth, hidden[:, :seen], places, None, input_ids=tokens[:, 1 + depth:])
            logits = predictor._project_to_logits(hidden)
        scores.append(chosen(logits[:, :-1], tokens[:, 2 + depth:]))
    return scores


def run_on(tokens, work, command_of):
    """The rows that a command makes of a file of tokens."""
    source, target = work / "in.jsonl", work / "out.jsonl"
    source.write_text("".join(json.dumps({"tokens": row}) + "\n" for row in tokens.tolist()))
    subprocess.run(command_of(source, target), check=True)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(rows) == len(tokens)
    return rows


def scores_of_ours(binary, folder, tokens, work):
    rows = run_on(tokens, work, lambda source, target: [
        binary, "score", "--model", folder, "--input", source, "--output", target])
    assert all(len(row["logprobs"]) == tokens.shape[1] and row["logprobs"][0] is None for row in rows)
    return torch.tensor([row["logprobs"][1:] for row in rows], dtype=torch.float64)


def predictions_of_ours(probe, folder, written, tokens, work):
    """A list of scores, one a depth; also writes the model again."""
    rows = run_on(tokens, work, lambda source, target: [probe, folder, source, target, written])
    return [torch.tensor(scores, dtype=torch.float64) for scores in zip(*(row["predictions"] for row in rows))]


def load_peer(folder):
    """The model as transformers reads it, and the tensors that it misses or does not know."""
    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    # The layers of multi-token prediction are not the model's in transformers.
    layers = model.config.num_hidden_layers
    unknown = [key for key in report["unexpected_keys"]
               if not any(f"layers.{layers + depth}." in key for depth in range(8))]
    return model.eval(), sorted(report["missing_keys"]) + sorted(unknown)


def add_predictions(model, folder, depths, seed):
    """Random prediction layers, also appended to the folder."""
    layers = model.config.num_hidden_layers
    # transformers finds them by this list, which holds the one layer of V3's own size.
    type(model)._keys_to_ignore_on_load_unexpected = [rf"model\.layers\.{layers + d}\." for d in range(depths)]
    predictor = MtpModel(model, depths).float().eval()
    randomise(predictor.layers, seed)
    write_folder(folder, read_folder(folder) | v3_names(predictor, layers))
    return predictor


def largest(a, b):
    return (a - b).abs().max().item()


def report(name, differences, problems=()):
    ok = not problems and all(value <= TOLERANCE for value in differences.values())  # NaN is not
    print(f"{'ok  ' if ok else 'FAIL'}  {name:<36}  " +
          "  ".join(f"{what} {value:.1e}" for what, value in differences.items()) +
          "".join(f"  {problem}" for problem in problems), flush=True)
    return ok


def check_case(programs, index, name, config_class, settings, storage="float32"):
    config = getattr(transformers, config_class)(**settings)
    torch.manual_seed(index)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    randomise(model, index)
    depths = settings.get("num_nextn_predict_layers", 0)
    with tempfile.TemporaryDirectory() as text:
        work = pathlib.Path(text)
        folder, written = work / "model", work / "written"
        model.save_pretrained(folder, max_shard_size="100KB" if index % 2 else "5GB")
        predictor = add_predictions(model, folder, depths, index) if depths else None
        if storage != "float32":
            shutil.copytree(folder, work / "meant")
            write_folder(work / "meant", narrow_folder(storage, folder))
            model, _ = load_peer(work / "meant")
        tokens = tokens_of(config.vocab_size, index)
        scores, hidden = scores_of_peer(model, tokens)
        try:
            differences = {"score": largest(scores_of_ours(programs.binary, folder, tokens, work), scores)}
            ours = predictions_of_ours(programs.probe, folder, written, tokens, work)
        except subprocess.CalledProcessError as error:
            return report(name, {"score": float("nan")}, [f"exit code {error.returncode}"])
        again, problems = load_peer(written)
        differences["written"] = largest(scores_of_peer(again, tokens)[0], scores)
        if len(ours) != depths:
            problems.append(f"{len(ours)} prediction layers, not {depths}")
        if depths:
            for what, peer in (("predicted", predictor), ("written", MtpModel.from_pretrained(again).float().eval())):
                for depth, expected in enumerate(predictions_of_peer(peer, hidden, tokens)):
                    differences[f"{what} +{depth + 2}"] = largest(ours[depth], expected)
        return report(name, differences, problems)


def check_saved(programs, folder):
    model, problems = load_peer(folder)
    tokens = tokens_of(model.config.vocab_size, 0)
    with tempfile.TemporaryDirectory() as work:
        ours = scores_of_ours(programs.binary, folder, tokens, pathlib.Path(work))
    return report(f"saved by rorqual: {pathlib.Path(folder).name}",
                  {"score": largest(ours, scores_of_peer(model, tokens)[0])}, problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("RORQUAL"), help="the rorqual program; RORQUAL names it too")
    parser.add_argument("--probe", default=os.environ.get("MODEL_PROBE"),
                        help="the program made of model_probe.cpp; MODEL_PROBE names it too")
    parser.add_argument("--saved", action="append", default=[], help="a model folder that rorqual wrote; repeatable")
    parser.add_argument("--only", default="", help="only the cases whose name contains this")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    results = [check_case(arguments, index, *case) for index, case in enumerate(CASES) if arguments.only in case[0]]
    results += [check_saved(arguments, folder) for folder in arguments.saved]
    print(f"{sum(results)} of {len(results)} agree within {TOLERANCE}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
