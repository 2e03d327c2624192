"""transformers' side of bench_generate.cpp. Prints one line of JSON.

    peer_generate.py FOLDER BATCH NEW REPEATS    continues the first BATCH prompts of FOLDER/prompts.json by NEW tokens, greedily
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


def main(folder, batch, new, repeats):
    model = transformers.DeepseekV3ForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model.eval()
    prompts = torch.tensor(json.loads((pathlib.Path(folder) / "prompts.json").read_text())[:batch])
    settings = dict(attention_mask=torch.ones_like(prompts), do_sample=False, eos_token_id=None, pad_token_id=0)
    seconds = []
    with torch.inference_mode():
        model.generate(prompts, max_new_tokens=4, min_new_tokens=4, **settings)
        for _ in range(repeats):
            began = time.monotonic()
            tokens = model.generate(prompts, max_new_tokens=new, min_new_tokens=new, **settings)
            seconds.append(time.monotonic() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers = tokens[:, prompts.size(1) :].tolist()
    print(json.dumps({"answers": answers, "seconds": seconds, "peak_mib": peak}))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
