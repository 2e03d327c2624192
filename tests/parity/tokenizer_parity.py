"""Holds `rorqual tokenizer` to the `tokenizers` library: the same ids for hostile text in every style of tokenizer.json, and the
same vocabulary from training. Needs the program's path in RORQUAL; prints one line a style and fails where one id differs.

    RORQUAL=build/release/src/apps/rorqual .venv-peers/bin/python tests/parity/tokenizer_parity.py [--full] [--style NAME]

--full takes every code point there is, and vocabularies of the published sizes as well.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import tokenizer_files
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

PROGRAM = os.environ["RORQUAL"]
SAMPLE_STEP = 29  # without --full: one code point in so many,
FEWER = 8  # and one text in so many for all styles but V3's


def code_points(full):
    """Code points in contexts where their class decides the cut."""
    step = 1 if full else SAMPLE_STEP
    points = [c for c in range(0, 0x110000, step) if not 0xD800 <= c < 0xE000]
    for start in range(0, len(points), 64):
        group = [chr(c) for c in points[start : start + 64]]
        yield "".join(f"a{c}b {c}. {c}{c}\n{c}1{c}中{c}a\u0315{c}\u0300\u0334{c}\u0323" for c in group)


def hostile(rng):
    alphabet = list("'sStTrRelLvVdDmM  \n\r\t\v\f012²½٣Ⅻ中文龥龦あア・ー゙゛é\u0301\u200d\u00a0\u0085\u3000_-(){}.,!?ſK🎉👍🏽́ßİıǅʰªⓐ\ufeff\u200b\x00\x7f")
    words = ["<|endoftext|>", "<left>", "<right>", "<both>", "word", "wordy", "<raw\u0301>", "e\u0301", "<｜User｜>", "<think>", "  ", "don't", "WE'LL", "x y"]
    for _ in range(3000):
        length = rng.choice([1, 2, 3, 5, 8, 20, 100])
        yield "".join(rng.choice(alphabet) if rng.random() < 0.9 else rng.choice(words) for _ in range(length))
    for _ in range(300):
        yield "".join(chr(rng.choice([rng.randrange(0x80), rng.randrange(0x3000), rng.randrange(0xE000, 0x20000), rng.randrange(0x20000, 0x110000)]))
                      for _ in range(rng.randrange(200))).encode("utf-8", "ignore").decode()
    yield ""
    for letter in ["a", " ", "\n", "é", "中", "1", "!", "\u0301", "🎉", " \n", "ab", "\r\n\t", "<"]:
        yield letter * 20000
    yield "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(1_000_000))
    yield "".join(chr(rng.randrange(0x4E00, 0x9FA6)) for _ in range(100_000))
    yield " " * 1_000_000 + "x"


def texts(full):
    yield from tokenizer_files.sample_text()[40:80]
    yield from hostile(random.Random(7))
    yield from code_points(full)


def encode(folder, tokenizer_path, lines):
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    with source.open("w") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in lines)
    subprocess.run([PROGRAM, "tokenizer", "encode", "--tokenizer", tokenizer_path, "--input", source, "--output", target],
                   check=True, stderr=subprocess.PIPE)
    with target.open() as file:
        return [json.loads(line)["tokens"] for line in file]


def compare(name, folder, path, lines):
    """The number of texts whose ids differ; shows the first."""
    theirs = [e.ids for e in Tokenizer.from_file(str(path)).encode_batch_fast(lines, add_special_tokens=False)]
    ours = encode(folder, path, lines)
    wrong = [i for i, pair in enumerate(zip(theirs, ours, strict=True)) if pair[0] != pair[1]]
    if wrong:
        text, a, b = lines[wrong[0]], theirs[wrong[0]], ours[wrong[0]]
        at = next((i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1]), min(len(a), len(b)))
        decoded = Tokenizer.from_file(str(path)).decode(a[:at], skip_special_tokens=False)
        print(f"  first: {text[:60]!r} differs at id {at}, after {decoded[-30:]!r}: theirs {a[at:at+8]}, ours {b[at:at+8]}")
    print(f"{name}: {len(lines)} texts, {len(wrong)} differ", flush=True)
    return len(wrong)


def compare_training(folder):
    """Trains with both; returns the number of differing merges."""
    documents = tokenizer_files.sample_text()
    source, target = folder / "train.jsonl", folder / "trained.json"
    with source.open("w") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in documents)
    wrong = 0
    for size, longest in [(2000, 0), (8000, 0), (3000, 6)]:
        subprocess.run([PROGRAM, "tokenizer", "train", "--input", source, "--output", target, "--vocab-size", str(size),
                        "--max-token-bytes", str(longest)], check=True)
        ours = json.loads(target.read_text())
        theirs = Tokenizer(models.BPE())
        theirs.pre_tokenizer = Tokenizer.from_file(str(target)).pre_tokenizer
        last = [t for t in ours["added_tokens"] if t["id"] > 2]
        trainer = trainers.BpeTrainer(
            vocab_size=size - len(last), min_frequency=2, show_progress=False,
            special_tokens=[t["content"] for t in ours["added_tokens"] if t["id"] < 3],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            max_token_length=longest + 1 if longest else None,
        )
        theirs.train_from_iterator(documents, trainer)
        reference = json.loads(theirs.to_str())["model"]
        differing = sum(a != b for a, b in zip(reference["merges"], ours["model"]["merges"]))
        differing += abs(len(reference["merges"]) - len(ours["model"]["merges"])) + (reference["vocab"] != ours["model"]["vocab"])
        print(f"training {size} tokens, longest {longest}: {len(reference['merges'])} merges, {differing} differ", flush=True)
        wrong += differing
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--style")
    arguments = parser.parse_args()
    lines = list(texts(arguments.full))
    styles = list(tokenizer_files.styles()) + (list(tokenizer_files.real_styles()) if arguments.full else [])
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if arguments.style in (None, "deepseek-v3"):
            try:
                wrong += compare("deepseek-v3", folder, tokenizer_files.deepseek_v3(), lines)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"deepseek-v3: left out, its file could not be fetched with npm ({error})")
        for style, make in styles:
            if arguments.style in (None, style):
                path = folder / "tokenizer.json"
                make().save(str(path))
                wrong += compare(style, folder, path, lines if arguments.full or arguments.style else lines[::FEWER])
        if arguments.style in (None, "training"):
            wrong += compare_training(folder)
    sys.exit(1 if wrong else 0)


main()
