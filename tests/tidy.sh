#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy, over a build folder's compile commands; fails on any finding.
#
#   tests/tidy.sh               what differs from main (where main is checked out: from the commit before) and has no torch; where
#                               that takes more than 24 files, those that differ most
#   tests/tidy.sh --plain       every file that has no torch: some 6 to 15 s a file and core, as against 20 and more with torch
#   tests/tidy.sh FILE.cpp ...  these
set -euo pipefail
cd "$(dirname "$0")/.."
tidy=.venv-peers/bin/clang-tidy
commands=build/release/compile_commands.json
[[ -x $tidy && -e $commands ]] || { echo "tests/tidy.sh needs what ./rorqual test makes: $tidy and $commands"; exit 1; }
most=24  # files: three minutes on two cores

list_plain() {
  plain=$(python3 tests/check_layers.py --plain)
  mapfile -t plain_sources < <(grep '\.cpp$' <<<"$plain")
}

# What of the plain files differs, the most lines first.
list_changed() {
  local since differences
  since=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
  if [[ $since == "$(git rev-parse HEAD)" ]]; then
    since=$(git rev-parse --quiet --verify HEAD~1 || git hash-object -t tree /dev/null)  # the first commit: from nothing
  fi
  differences=$(git diff --numstat --no-renames --diff-filter=d "$since")
  mapfile -t changed < <(sort -k 1,1nr <<<"$differences" | cut -f 3 | grep -xFf <(echo "$plain"))
}

# Prints the source in which clang-tidy sees the file $1: of a header, its own or else the first that includes it.
source_of() {
  if [[ $1 == *.cpp ]]; then
    echo "$1"
  else
    grep -slF "#include \"${1#src/}\"" "${1%.*}.cpp" "${plain_sources[@]}" | sed -n 1p || true
  fi
}

case ${1-} in
  "")
    list_plain
    list_changed
    mapfile -t files < <(for file in "${changed[@]}"; do source_of "$file"; done | awk '!seen[$0]++')
    if ((${#files[@]} > most)); then
      echo "clang-tidy: of ${#files[@]} files, the $most that differ most; tests/tidy.sh --plain looks at all"
      files=("${files[@]:0:most}")
    fi
    ;;
  --plain)
    list_plain
    files=("${plain_sources[@]}")
    ;;
  *) files=("$@") ;;
esac
((${#files[@]})) || { echo "clang-tidy: no file to look at"; exit 0; }

# Its words besides findings are counts of what it left out.
if ! printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 "$tidy" --quiet -p "${commands%/*}" 2>&1 |
  { grep -vE '^[0-9]+ (warning|error)s?\b.*(generated|treated as errors?)\.?$' || true; }; then
  echo "clang-tidy: see above; each name in brackets is documented at clang.llvm.org/extra/clang-tidy"
  exit 1
fi
echo "clang-tidy: ${#files[@]} files, nothing found"
