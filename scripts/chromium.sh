#!/bin/sh
# Makes sure of a Chromium for the browser tests: the system's, else Debian's package, else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

[ ! -x /usr/bin/chromium ] || exit 0

playwrights_own() {
    .venv/bin/python - <<'PYTHON'
import os
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not os.access(playwright.chromium.executable_path, os.X_OK))
PYTHON
}

playwrights_own && exit 0

# Ubuntu's package of that name holds no browser, hence the second look.
if grep -qs '^ID=debian' /etc/os-release && scripts/apt_install.sh chromium fonts-dejavu-core && [ -x /usr/bin/chromium ]; then
    exit 0
fi
if .venv/bin/playwright install chromium && playwrights_own; then
    exit 0
fi
echo "The browser tests need a Chromium: install it as /usr/bin/chromium, or run '.venv/bin/playwright install chromium'." >&2
exit 1
