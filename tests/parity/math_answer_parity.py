"""Answers are compared as math-verify compares them, but where that is wrong."""

import collections
import json
import logging
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import time

import math_verify
from math_answer_pairs import DISPUTED, generated

LEAST_AGREEMENT = 0.99

# Where the two differ on pairs of a kind: a pattern of what is expected and one of what is given, and why ours is right.
ACCEPTED = [
    ("trigonometry", r"tan\(2x\)", r"1-\\tan\^2", "the double angle, which sympy's simplify() does not find"),
    ("scientific", r"times 10", r"^\W*\d+\W*$", "equal; math-verify rounds a product of floats to another integer"),
    ("polynomials", r"t", r"t\W*$", "math-verify takes a t at the end for a unit"),
    ("polynomials", r"n", r"n\W*$", "math-verify takes an n at the end for a unit"),
    ("words", r"true|false", r"^\W*(true|false)", "a word; math-verify multiplies its letters with Euler's number"),
]


def ours(pairs):
    lines = "".join(json.dumps({"expected": expected, "given": given}) + "\n" for _, expected, given in pairs)
    run = subprocess.run([os.environ["MATH_ANSWER_PROBE"]], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return [answer["same"] for answer in answers], [answer["microseconds"] for answer in answers]


def theirs(pair):
    """The verdict of math-verify on answers that stand in boxes, as its own extraction expects them; and its time in microseconds."""
    logging.disable(logging.CRITICAL)
    _, expected, given = pair
    begin = time.perf_counter()
    gold, answer = (math_verify.parse(f"\\boxed{{{text}}}", parsing_timeout=None) for text in (expected, given))
    verdict = math_verify.verify(gold, answer, timeout_seconds=None)
    return verdict, (time.perf_counter() - begin) * 1e6


def explanation(kind, expected, given):
    """Why ours is right where math-verify says the other thing; None where nothing was written down."""
    if kind == "disputed":
        return next(why for *pair, _, why in DISPUTED if pair == [expected, given])
    reasons = (why for of, like, answer, why in ACCEPTED if kind == of and re.search(like, expected) and re.search(answer, given))
    return next(reasons, None)


def main():
    pairs = list(generated()) + [("disputed", expected, given) for expected, given, *_ in DISPUTED]
    verdicts, times = ours(pairs)
    with multiprocessing.Pool(os.cpu_count()) as pool:
        peers, peer_times = zip(*pool.map(theirs, pairs, chunksize=64))
    problems = [f"{expected!r} and {given!r}: not {same}" for (expected, given, same, _), verdict in zip(DISPUTED, verdicts[-len(DISPUTED) :]) if verdict != same]
    differing = [(pair, verdict) for pair, verdict, peer in zip(pairs, verdicts, peers) if verdict != peer]
    for pair, verdict in differing:
        kind, expected, given = pair
        line = f"{kind}: {given!r} for {expected!r} is {'the same' if verdict else 'not the same'}"
        if why := explanation(*pair):
            print(f"{line}: {why}")
        else:
            problems.append(f"{line}; math-verify says the other thing, and no reason is written down")
    agreement = 1 - len(differing) / len(pairs)
    if agreement < LEAST_AGREEMENT:
        problems.append(f"{agreement:.2%} of the verdicts agree, not {LEAST_AGREEMENT:.0%}")
    counts = collections.Counter(kind for kind, _, _ in pairs)
    print("pairs by kind:", ", ".join(f"{kind} {count}" for kind, count in counts.items()))
    for who, each in (("here", times), ("by math-verify", peer_times)):
        print(f"a comparison {who}: {statistics.median(each):.1f} microseconds, the median, and {statistics.mean(each):.1f}, the mean")
    print("\n".join(problems) or f"{len(pairs)} pairs, {sum(peers)} of them the same to math-verify; {agreement:.2%} of the verdicts agree, {len(differing)} differ with a reason")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
