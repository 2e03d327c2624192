"""transformers' side of bench_train.cpp. Prints one line of JSON.

    peer_train.py FOLDER eager|compile WARM_UPS REPEATS RATE    trains the model in FOLDER on FOLDER/tokens.json
"""

import json
import pathlib
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch
import transformers

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def main(folder, way, warm_ups, repeats, rate):
    model = transformers.DeepseekV3ForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model.train()
    tokens = torch.tensor(json.loads((pathlib.Path(folder) / "tokens.json").read_text()))
    rows = tokens.view(-1, model.config.max_position_embeddings + 1)
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    kept = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": kept, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95), eps=1e-8, fused=True)
    forward = torch.compile(model) if way == "compile" else model
    losses, seconds = [], []
    for _ in range(warm_ups + repeats):
        began = time.monotonic()
        logits = forward(input_ids=rows[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.monotonic() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"losses": losses, "seconds": seconds[warm_ups:], "peak_mib": peak}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
