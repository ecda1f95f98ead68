#!/bin/sh
# Installs Debian packages where that is possible without asking: as root, with apt-get. Fails quietly elsewhere.
set -eu

[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1

echo "Installing $* ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    exit 1
fi
