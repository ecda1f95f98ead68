"""Takes the pictures of docs/screenshots/: each page, phone and desk, light and dark."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser
from werkzeug.serving import make_server

from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.migrate import upgrade
from tests.browser.browser import chromium
from tests.browser.steps import log_in
from tests.dashboard import evening, fake_network, pages
from tests.databases import KEY

FOLDER = Path("docs/screenshots")
PAGES = {
    "now": "/",
    "sheet": "/check-ins",
    "roster": "/roster",
    "letter": "/roster/letter",
    "log": "/log",
    "people": "/people",
    "follow-ups": "/follow-ups",
    "programme": "/programme",
    "reports": "/reports",
    "settings": "/settings",
    "limits": "/limits",
    "phones": "/phones",
}
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
SETTLED = 800


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The pages over an invented evening; their address."""
    open_vault([KEY])
    url = f"sqlite:///{folder / 'evening.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        evening.logins(session, evening.NOW)
        evening.Evening(session).fill()
    with fake_network.running() as network:
        line = pages.stopped_line(database, pages.settings(url, TWILIO_API_URL=network.url))
        server = make_server("127.0.0.1", 0, pages.pages(line), threaded=True, request_handler=fake_network.Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
    database.close()


def take(browser: Browser, address: str, size: str, colours: str) -> None:
    """Every page in one size and one set of colours."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="dark" if colours == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/login")
    page.screenshot(path=FOLDER / f"login-{size}-{colours}.png")
    log_in(page)
    for name, path in PAGES.items():
        page.goto(path)
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=FOLDER / f"{name}-{size}-{colours}.png")
    page.goto("/log?kind=callback")
    page.locator("a.who").first.click()
    page.screenshot(path=FOLDER / f"contact-{size}-{colours}.png")
    context.close()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as address, chromium() as browser:
        for size in SIZES:
            for colours in ("light", "dark"):
                take(browser, address, size, colours)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
