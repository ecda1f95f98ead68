"""Takes the pictures of docs/screenshots/: each page, phone and desk, light and dark."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select
from werkzeug.serving import make_server

from phoneline import queue
from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.migrate import upgrade
from phoneline.models import Account, Pulse
from phoneline.queue_server import QueueServer
from phoneline.states import AccountRole
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
    "you": "/you",
    "phones": "/phones",
}
OF_OTHERS = {
    AccountRole.VOLUNTEER: {"me": "/me", "my-shifts": "/my-shifts"},
    AccountRole.ADMIN: {"accounts": "/accounts"},
}
"""What coordinators don't see."""
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
SETTLED = 800
SIGN_OF_LIFE = 15.0
"""Seconds."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The pages over an invented evening; their address."""
    open_vault([KEY])
    url = f"sqlite:///{folder / 'evening.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        evening.logins(session, evening.NOW)
        kim = evening.Evening(session).fill().team["Kim"]
        session.scalars(select(Account).filter_by(role=AccountRole.VOLUNTEER)).one().person_id = kim.id
        session.add(Pulse(name="clock", at=evening.NOW))
    with fake_network.running() as network, QueueServer(folder / "queue") as server, worker(server.url):
        line = pages.stopped_line(database, pages.settings(url, TWILIO_API_URL=network.url, REDIS_URL=server.url))
        web = make_server("127.0.0.1", 0, pages.pages(line), threaded=True, request_handler=fake_network.Quiet)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()
    database.close()


@contextmanager
def worker(queue_url: str) -> Iterator[None]:
    """A worker that gives signs of life and does nothing: in the pictures the line is well."""
    jobs = queue.open_queue(queue.connect(queue_url))
    idle, over = SimpleWorker([jobs], connection=jobs.connection, serializer=JSONSerializer), threading.Event()
    idle.register_birth()

    def beat() -> None:
        idle.heartbeat()
        while not over.wait(SIGN_OF_LIFE):
            idle.heartbeat()

    threading.Thread(target=beat, daemon=True).start()
    yield
    over.set()


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
    for name, path in (("contact", "/log?kind=callback"), ("person", "/people?role=peer")):
        page.goto(path)
        page.locator("a.who").last.click()
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=FOLDER / f"{name}-{size}-{colours}.png")
    for role, others in OF_OTHERS.items():
        page.get_by_role("button", name="Log out").click()
        log_in(page, role)
        for name, path in others.items():
            page.goto(path)
            page.wait_for_timeout(SETTLED)
            page.screenshot(path=FOLDER / f"{name}-{size}-{colours}.png")
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
