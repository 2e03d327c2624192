"""Every recipe in recipes/ passes the checks before work, and its first lines say what it is for."""

import os
import pathlib
import subprocess
import sys
import tempfile


def main():
    recipes = sorted(pathlib.Path("recipes").glob("*.toml"))
    problems = [] if recipes else ["recipes/ holds no recipe"]
    for recipe in recipes:
        if not recipe.read_text(encoding="utf-8").startswith("# "):
            problems.append(f"{recipe} does not begin with a comment")
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                [os.environ["RORQUAL"], "run", recipe, "--dry-run", "--run-dir", folder], capture_output=True, text=True, check=False
            )
        if run.returncode != 0 or "every check before work passed" not in run.stdout:
            problems.append(f"{recipe} ends with {run.returncode}: {run.stderr.strip()}")
    print("\n".join(problems) or f"{len(recipes)} recipes are sound")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
