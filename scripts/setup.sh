#!/bin/sh
# Makes .venv from the lock and installs the project into it. Works on a machine that has Python 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if suits "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "phoneline needs Python 3.11 or newer: install it, or name it: make ... PYTHON=/path/to/python3"

# Debian keeps a part of Python's venv in a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    scripts/apt_install.sh python3-venv || true
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "Python's venv module is incomplete: as root, run 'apt-get install python3-venv' (Debian, Ubuntu)," \
            "or name a complete Python: make ... PYTHON=/path/to/python3"
fi

suits .venv/bin/python || "$python" -m venv --clear .venv
echo "Setting up .venv (about a minute the first time) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
touch .venv/.ready
