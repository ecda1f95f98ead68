#!/bin/sh
# The tests as if it were then by the line's wall clock: scripts/at.sh "2026-11-01 23:30" tests/webhooks
# Needs libfaketime (Debian's package `faketime`).
set -eu
cd "$(dirname "$0")/.."

library=$(ls /usr/lib/*/faketime/libfaketime.so.1)
distance=$(.venv/bin/python - "$1" <<'PYTHON'
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

then = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=ZoneInfo("America/Toronto"))
print(f"{then.timestamp() - time.time():+.0f}")
PYTHON
)
shift

# Waits must go on by the machine's own clock; told to leave that alone, libfaketime has every sleep fail.
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
echo 'import select, time; time.sleep = lambda seconds: select.select([], [], [], seconds) and None' \
    >"$folder/sitecustomize.py"
FAKETIME="$distance" FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD="$library" PYTHONPATH="$folder" \
    .venv/bin/python -m pytest "$@"
