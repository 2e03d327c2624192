#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy, over a build folder's compile commands; fails on any finding.
#
#   tests/tidy.sh               what differs from main (where main is checked out: from the commit before) and has no torch
#   tests/tidy.sh --plain       every file that has no torch: some 6 to 15 s a file and core, as against 20 and more with torch
#   tests/tidy.sh FILE.cpp ...  these
set -euo pipefail
cd "$(dirname "$0")/.."
tidy=.venv-peers/bin/clang-tidy
commands=build/release/compile_commands.json
[[ -x $tidy && -e $commands ]] || { echo "tests/tidy.sh needs what ./rorqual test makes: $tidy and $commands"; exit 1; }

plain_files() { python3 tests/check_layers.py --plain | grep '\.cpp$'; }

case ${1-} in
  "")
    since=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main)
    if [[ $since == "$(git rev-parse HEAD)" ]]; then
      since=$(git rev-parse --quiet --verify HEAD~1 || git hash-object -t tree /dev/null)  # the first commit: from nothing
    fi
    mapfile -t files < <(comm -12 <(plain_files | sort) <(git diff --name-only --diff-filter=d "$since" | sort))
    ;;
  --plain) mapfile -t files < <(plain_files) ;;
  *) files=("$@") ;;
esac
((${#files[@]})) || { echo "clang-tidy: no file to look at"; exit 0; }

# Its only words besides findings are counts of what it left out.
if ! printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 "$tidy" --quiet -p "${commands%/*}" 2>/dev/null; then
  echo "clang-tidy: see above; each name in brackets is documented at clang.llvm.org/extra/clang-tidy"
  exit 1
fi
echo "clang-tidy: ${#files[@]} files, nothing found"
