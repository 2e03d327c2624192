"""Fails where a C++ file differs from what clang-format (the version that tests/peers.txt pins) makes of it."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORMATTER = ROOT / ".venv-peers" / "bin" / "clang-format"


def main() -> int:
    files = sorted(
        str(path)
        for folder in ("src", "bench", "tests")
        for pattern in ("*.h", "*.cpp")
        for path in (ROOT / folder).rglob(pattern)
    )
    result = subprocess.run([FORMATTER, "--dry-run", "--Werror", *files], capture_output=True, text=True)
    if result.returncode == 0:
        return 0
    wrong = sorted({line.split(":", 1)[0] for line in result.stderr.splitlines() if "-Wclang-format-violations" in line})
    for path in wrong:
        print(f"{pathlib.Path(path).relative_to(ROOT)}: not as clang-format writes it")
    print(f"mend with: .venv-peers/bin/clang-format -i {' '.join(str(pathlib.Path(path).relative_to(ROOT)) for path in wrong)}")
    if not wrong:
        print(result.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
