"""The whole flow, from text to a chat model through R1, an expert, V2.5 and a review: every box of recipes/smoke.toml is made, once."""

import json
import os
import pathlib
import subprocess
import tempfile

BOXES = ["tokenizers/smoke", "models/base", "models/base-512", "models/r1", "data/r1-samples", "models/expert", "data/reasoning",
         "models/v2.5", "data/written", "data/non-reasoning", "models/v3-sft", "models/v3", "evaluations/table"]


def rorqual(*arguments):
    done = subprocess.run([os.environ["RORQUAL"], *map(str, arguments)], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as name:
        run = pathlib.Path(name) / "run"
        os.environ["RORQUAL_CACHE"] = str(pathlib.Path(name) / "cache")
        rorqual("run", "recipes/smoke.toml", "--run-dir", run)
        missing = [box for box in BOXES if not (run / box).is_dir()]
        assert not missing, missing
        checked = json.loads((run / "data/non-reasoning/manifest.json").read_text())
        assert checked["human_checked"] is False and checked["answers"] > 0, checked
        twins = (run / "data/r1-samples/documents.bin").read_bytes()
        assert b'"Think first."' in twins, "a twin sample says what the teacher was not told"
        for process in ("r1", "expert", "rl"):
            steps = [json.loads(line) for line in (run / f"work/{process}/metrics.jsonl").read_text().splitlines()]
            assert steps and all(step["mismatch"] < 1e-4 for step in steps), steps
        table = json.loads((run / "evaluations/table/table.json").read_text())
        assert [column["name"] for column in table["columns"]] == ["base-512", "v3-sft", "v3"], table["columns"]
        assert [row["title"] for row in table["rows"]] == ["order", "sum"], table["rows"]
        for row in table["rows"]:
            for cell in row["cells"]:
                assert cell["questions"] == 4 and cell["answers"] == 8 and cell["mean_tokens"] > 0 and cell["interval"], cell
                assert cell["in_training"] in range(5) and cell["making"]["contamination"]["documents"] > 300, cell
        assert len(table["differences"]) == 3, table["differences"]
        again = pathlib.Path(name) / "again.json"
        rorqual("eval", "--replay", run / "evaluations/table", "--table", again)
        assert json.loads(again.read_text())["rows"] == table["rows"]
        solve = ["solve", "--model", run / "models/v3", "--kinds", "order,sum", "--count", 3, "--max-tokens", 16, "--output", pathlib.Path(name) / "solved.json"]
        said = rorqual(*solve)
        solved = json.loads((pathlib.Path(name) / "solved.json").read_text())
        for row in solved["rows"]:
            problems = solved["problems"][row["task"]]
            right = [answer["right"] for problem in problems for answer in problem["answers"]]
            assert len(problems) == len(right) == 3 and abs(row["cells"][0]["value"] - 100 * sum(right) / 3) < 1e-9, (row, problems)
        assert rorqual(*solve) == said, "what was answered is known"
        status = rorqual("status", run)
        print(status)
        rows = [line for line in status.splitlines() if line.startswith(("data.", "process.", "evaluation."))]
        assert rows and all(" done " in row for row in rows), status
        assert "nothing to do" in rorqual("run", "recipes/smoke.toml", "--run-dir", run)


if __name__ == "__main__":
    main()
