"""Instructions are followed or not as the checker of IFEval says that lm_eval has, on made-up answers to each kind; but for its languages
and sentences, which need data that it fetches."""

import collections
import functools
import importlib.util
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import types

ANSWERS = 150  # of each row
RELATIONS = ("less than", "at least")

# A kind: what it asks for, each a row of its own, and the pieces that answers to it are made of.
KINDS = {
    "keywords:existence": ([{"keywords": ["tea", "Milk"]}, {"keywords": ["weiß"]}], ["Tea", "steam", "MILK", "milky", "WEISS", "Weiß", "ale", " ", "\n"]),
    "keywords:frequency": (
        [{"keyword": word, "frequency": 3, "relation": relation} for word in ("tea", " été ") for relation in RELATIONS],
        ["Tea", "tea", "steam", "ÉTÉ", "été", "te", " ", "\n"],
    ),
    "keywords:forbidden_words": ([{"forbidden_words": ["tea", "été"]}], ["steam", "Tea", "tea_", "étés", "ÉTÉ", " ", " ", "-", "é", "milk"]),
    "keywords:letter_frequency": (
        [{"letter": letter, "let_frequency": 4, "let_relation": relation} for letter in "aQ" for relation in RELATIONS],
        ["a", "A", "q", "Q", "é", "ä", " ", "\n"],
    ),
    "length_constraints:number_paragraphs": ([{"num_paragraphs": count} for count in (2, 3)], ["***", "***", "\n", "\n\n", " ", "a", "b c", "*", "---"]),
    "length_constraints:number_words": (
        [{"num_words": 6, "relation": relation} for relation in RELATIONS],
        ["one", " ", "-", "_", "'", "été", "猫", "12", ".", "3.5", "\n", "हिंदी"],
    ),
    "length_constraints:nth_paragraph_first_word": (
        [{"num_paragraphs": 2, "nth_paragraph": place, "first_word": word} for place in (1, 2) for word in ("Tea", "été")],
        ["\n\n", "\n\n", "\n", "Tea", "tea,", '"Tea', "teas", "Été", " ", "a", "tea:", "tea's"],
    ),
    "detectable_content:number_placeholders": ([{"num_placeholders": 3}], ["[a]", "[b c]", "[", "]", "\n", " ", "[]", "d"]),
    "detectable_content:postscript": (
        [{"postscript_marker": marker} for marker in ("P.S.", "P.P.S")],
        ["P.S.", "p. s.", "P.P.S", "P. P. S.", "PS", "p.", "s", ".", " ", "\n", "a"],
    ),
    "detectable_format:number_bullet_lists": ([{"num_bullets": count} for count in (1, 2)], ["\n", "\n", "* a", "- b", "-", "** c", " ", "d", "*e", "\t- f", "---"]),
    "detectable_format:constrained_response": ([{}], ["My answer is ", "my answer is ", "yes", "no", "maybe", ".", ".", " ", "\n"]),
    "detectable_format:number_highlighted_sections": ([{"num_highlights": count} for count in (1, 3)], ["*a*", "**b**", "*", "**", " ", "\n", "c", "***"]),
    "detectable_format:multiple_sections": (
        [{"section_spliter": splitter, "num_sections": 2} for splitter in ("Section", "PART ")],
        ["Section 1", "Section2", "section 3", "PART 1", "PART  2", "PART\n3", "Section", "4", " ", "\n", "a"],
    ),
    "detectable_format:json_format": ([{}], ["```", "```json\n", "```JSON", '{"a": 1}', "{", "}", '"b"', "3", "[1, 2]", "\n", " ", ","]),
    "detectable_format:title": ([{}], ["<<", ">>", "<<", ">>", "<", ">", " ", "\n", "a"]),
    "combination:two_responses": ([{}], ["******", "******", "***", "*", "a", "b", "\n", " "]),
    "combination:repeat_prompt": ([{"prompt_to_repeat": "Why (été)?\nSay.* "}], ["Why (été)?\nSay.*", "why (ÉTÉ)?\nsay.*", "Why", " (été)?", "\nSay.*", " ", "a"]),
    "startend:end_checker": ([{"end_phrase": "Is it? "}, {"end_phrase": "été."}], ["Is it?", "is IT?", "ÉTÉ.", "été", ".", '"', " ", "\n", "a"]),
    "startend:quotation": ([{}], ['"', '"', "a", " ", "\n", "“", "'"]),
    "change_case:capital_word_frequency": (
        [{"capital_frequency": 3, "capital_relation": relation} for relation in RELATIONS],
        ["TEA", "A", "Tea", "É", "B2", "7", "-", ",", ".", " ", " ", "\n", "(", ")", "/", "--", "...", ":", "*", "USA."],
    ),
    # Letters that English lacks are left out: there the language is told otherwise.
    "change_case:english_capital": ([{}], ["THE TEA", "THE", "A", "tea", "7", " ", " ", ".", "\n"]),
    "change_case:english_lowercase": ([{}], ["the tea", "the", "a", "TEA", "7", " ", " ", ".", "\n"]),
    "punctuation:no_comma": ([{}], ["a", ",", ".", "，", ";", " ", "\n", "b", "c"]),
}

# Where the two differ: the kind, a pattern of the answer, and why ours is right.
ACCEPTED = [
    ("detectable_format:title", r"<<[<> ]+>>", "brackets alone are no title"),
    ("length_constraints:number_words", "हि", "the marks of Devanagari belong to their word, and do not end it"),
    ("detectable_format:number_bullet_lists", r"(?m)^\s*\*$", "an asterisk alone is no point, and does not take the next line"),
]


def reference():
    """lm_eval's strict checker, without the rest of lm_eval and what its languages and sentences need."""
    os.environ["LOCAL_RANK"] = "1"  # the first rank would fetch data
    root = pathlib.Path(importlib.util.find_spec("lm_eval").origin).parent
    for name, path in (("lm_eval", root), ("lm_eval.tasks", root / "tasks")):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [str(path)]
    english = types.SimpleNamespace(detect=lambda text: "en", LangDetectException=RuntimeError)
    sys.modules["langdetect"] = english
    sys.modules["immutabledict"] = types.SimpleNamespace(immutabledict=dict)
    import nltk
    from lm_eval.tasks.ifeval import instructions_registry, utils

    # Its tokenizer, which takes a sentence at a time where it has the data to find them.
    nltk.word_tokenize = functools.partial(nltk.word_tokenize, preserve_line=True)
    left_out = {"language:response_language", "length_constraints:number_sentences"}
    assert set(instructions_registry.INSTRUCTION_DICT) - left_out == set(KINDS), "the kinds are not those of lm_eval"

    def verdict(row, answer):
        example = utils.InputExample(key=row["key"], instruction_id_list=row["instruction_id_list"], prompt=row["prompt"], kwargs=row["kwargs"])
        return utils.test_instruction_following_strict(example, answer).follow_all_instructions

    return verdict


def made_up():
    """Rows, each with one answer to it."""
    draw = random.Random(1)
    for kind, (asked, pieces) in KINDS.items():
        for kwargs in asked:
            for _ in range(ANSWERS):
                answer = "".join(draw.choices(pieces, k=draw.randint(1, 12))).strip()
                if answer:
                    yield {"prompt": "?", "instruction_id_list": [kind], "kwargs": [kwargs]}, answer


def ours(folder, rows, answers):
    """The verdicts of the program, in the order of the rows."""
    (folder / "if-eval").mkdir()
    (folder / "if-eval" / "input_data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "answers.jsonl").write_text("".join(json.dumps({"id": row["key"], "text": text}) + "\n" for row, text in zip(rows, answers)))
    command = [os.environ["RORQUAL"], "eval", "mine=answers:answers.jsonl", "--tasks", "if-eval", "--data", ".", "--output", "kept"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (record,) = (folder / "kept").rglob("if-eval*.jsonl")
    lines = map(json.loads, record.read_text().splitlines())
    marks = {line["id"]: line["mark"]["score"] == 1 for line in lines if "mark" in line}
    return [marks[str(row["key"])] for row in rows]


def main():
    theirs = reference()
    rows, answers = zip(*made_up())
    rows = [{"key": key, **row} for key, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as name:
        verdicts = ours(pathlib.Path(name), rows, answers)
    problems, followed, differing = [], collections.Counter(), 0
    for row, answer, verdict in zip(rows, answers, verdicts):
        kind = row["instruction_id_list"][0]
        expected = theirs(row, answer)
        followed[kind, expected] += 1
        if verdict != expected:
            differing += 1
            if not any(of == kind and re.search(like, answer) for of, like, _ in ACCEPTED):
                problems.append(f"{kind} {row['kwargs'][0]}: {answer!r} is {'' if verdict else 'not '}followed here, and lm_eval says the other thing")
    for kind in KINDS:
        if min(followed[kind, True], followed[kind, False]) < 5:
            problems.append(f"{kind}: the answers are too much alike, {followed[kind, True]} are followed and {followed[kind, False]} are not")
    print("\n".join(problems) or f"{len(rows)} answers to {len(KINDS)} kinds of instructions: {differing} verdicts differ, with a reason")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
