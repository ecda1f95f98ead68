#!/bin/sh
# Writes requirements.lock (what runs) and requirements-dev.lock (all of it) for every platform and Python that we
# support, and package-lock.json. `make lock` calls it; `make lock UPGRADE=1` takes the newest releases that fit.
set -eu
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet uv

compile() {
    # --no-config and --no-emit-*: what one machine uses to reach its packages must not stand in the lock.
    UV_CUSTOM_COMPILE_COMMAND="make lock" "$tools/venv/bin/uv" pip compile --quiet --no-config --universal \
        --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} \
        pyproject.toml "$@"
}

compile --output-file requirements.lock
# The second lock starts from the first, so that both name the same versions.
compile --group dev --constraint requirements.lock --output-file requirements-dev.lock

npm install --package-lock-only --ignore-scripts --silent
