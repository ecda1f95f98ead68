#!/bin/sh
# What `make test` runs: the cheap checks first, then every test. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

scripts/chromium.sh
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/lint-imports
# The journeys mostly wait, so there may be more workers than cores.
exec .venv/bin/python -m pytest -n "${TEST_WORKERS:-4}" "$@"
