"""A real browser, as this machine has it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SYSTEMS_OWN = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowserError(RuntimeError):
    """The browser tests can't be left out."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own."""
    with sync_playwright() as playwright:
        program = str(SYSTEMS_OWN) if SYSTEMS_OWN.exists() else playwright.chromium.executable_path
        if not os.access(program, os.X_OK):
            raise NoBrowserError("no Chromium found: run scripts/chromium.sh, or `apt-get install chromium`")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Complaints:
    """What a page complains of: errors of scripts, and whatever its security policy refused."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        self.allowed = ""
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", lambda said: self._note(said.text) if said.type in {"error", "warning"} else None)

    def _note(self, text: str) -> None:
        if not self.allowed or self.allowed not in text:
            self.found.append(text)
