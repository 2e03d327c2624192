#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy, over a build folder's compile commands; fails on any finding.
#
#   tests/tidy.sh               the files that differ from main (where main is checked out: from the commit before)
#   tests/tidy.sh --plain       every file that compiles without torch; about 6 s a file and core, as against 20 s with torch
#   tests/tidy.sh FILE.cpp ...  these
set -euo pipefail
cd "$(dirname "$0")/.."
tidy=.venv-peers/bin/clang-tidy
commands=build/release/compile_commands.json
[[ -x $tidy && -e $commands ]] || { echo "tests/tidy.sh needs what ./rorqual test makes: $tidy and $commands"; exit 1; }

case ${1-} in
  "")
    since=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main)
    [[ $since != "$(git rev-parse HEAD)" ]] || since=HEAD~1
    mapfile -t files < <(git diff --name-only --diff-filter=d "$since" -- 'src/*.cpp' 'bench/*.cpp')
    ;;
  --plain)
    mapfile -t files < <(python3 tests/check_layers.py --plain | grep '\.cpp$')
    ;;
  *) files=("$@") ;;
esac
((${#files[@]})) || { echo "clang-tidy: no file to look at"; exit 0; }

# Its only words besides findings are counts of what it left out.
if ! printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 "$tidy" --quiet -p "${commands%/*}" 2>/dev/null; then
  echo "clang-tidy: see above; each name in brackets is documented at clang.llvm.org/extra/clang-tidy"
  exit 1
fi
echo "clang-tidy: ${#files[@]} files, nothing found"
