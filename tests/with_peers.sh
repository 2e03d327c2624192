#!/bin/sh
# Runs a Python script in .venv-peers, or says that it was skipped (exit code 77) where that folder is missing or incomplete.
root=$(dirname "$0")/..
if ! cmp -s "$root/tests/peers.txt" "$root/.venv-peers/.installed"; then
  echo "skipped: .venv-peers is missing; ./rorqual test makes it"
  exit 77
fi
exec "$root/.venv-peers/bin/python" "$@"
