"""Every recipe in recipes/ passes the checks before work, and its first lines say what it is for."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from served import train_model


def check(recipe, *settings):
    with tempfile.TemporaryDirectory() as run:
        command = [os.environ["RORQUAL"], "run", recipe, "--dry-run", "--run-dir", run, *settings]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def check_on_models(recipe, names):
    """A recipe that goes on from the models of another one."""
    with tempfile.TemporaryDirectory() as folder:
        model = train_model(pathlib.Path(folder))
        return check(recipe, *[word for name in names for word in ("--set", f'model.{name}.path="{model}"')])


def main():
    recipes = sorted(pathlib.Path("recipes").glob("*.toml"))
    problems = [] if recipes else ["recipes/ holds no recipe"]
    for recipe in recipes:
        text = recipe.read_text(encoding="utf-8")
        if not text.startswith("# "):
            problems.append(f"{recipe} does not begin with a comment")
        models = re.findall(r"^\[model\.(\S+)\]", text, re.MULTILINE)
        run = check_on_models(recipe, models) if models else check(recipe)
        if run.returncode != 0 or "every check before work passed" not in run.stdout:
            problems.append(f"{recipe} ends with {run.returncode}: {run.stderr.strip()}")
    print("\n".join(problems) or f"{len(recipes)} recipes are sound")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
