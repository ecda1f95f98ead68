#!/bin/sh
# What `make test` runs: the cheap checks first, then every test. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

scripts/chromium.sh
# The tests start many processes, each of which would compile everything anew.
unset PYTHONDONTWRITEBYTECODE
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports
# Types take a core for a while: beside the tests, and said at the end.
types=$(mktemp)
trap 'rm -f "$types"' EXIT
nice .venv/bin/mypy >"$types" 2>&1 &
mypy=$!
status=0
# The journeys mostly wait, so there may be more workers than cores.
.venv/bin/python -m pytest -n "${TEST_WORKERS:-4}" "$@" || status=$?
wait "$mypy" || status=1
cat "$types"
exit "$status"
