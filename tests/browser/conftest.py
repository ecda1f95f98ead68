import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from phoneline.db import Database
from phoneline.line import Line
from tests.browser.browser import Complaints, chromium
from tests.browser.keyboard import Keyboard
from tests.browser.looks import LOOKS
from tests.dashboard import evening, fake_network, pages
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.fake_network import FakeNetwork
from tests.databases import Databases


@dataclass(frozen=True)
class Site:
    """The pages as a browser reaches them, and the line behind them."""

    url: str
    line: Line
    network: FakeNetwork


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def site(databases: Databases, vault: object) -> Iterator[Site]:
    """An invented evening, really served."""
    with databases.fresh("sqlite") as url, fake_network.running() as network:
        database = Database(url)
        with database.transaction() as session:
            evening.logins(session, NOW)
            Evening(session).fill()
        line = pages.stopped_line(database, pages.settings(url, TWILIO_API_URL=network.url))
        server = make_server("127.0.0.1", 0, pages.pages(line), threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", line, network)
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """An empty tab."""
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture(params=LOOKS.values(), ids=list(LOOKS))
def sized(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A tab of that size in those colours, on a device that doesn't want motion."""
    (width, height), colours = request.param
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": height},
        color_scheme=colours,
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints = Complaints(page)
    yield page
    context.close()
    assert complaints.found == []


@pytest.fixture(autouse=True)
def complaints(request: pytest.FixtureRequest) -> Iterator[Complaints | None]:
    """No page may complain in the tab of any test."""
    if "page" not in request.fixturenames:
        yield None
        return
    complaints = Complaints(request.getfixturevalue("page"))
    yield complaints
    assert complaints.found == []


@pytest.fixture
def keyboard(sized: Page) -> Keyboard:
    """A keyboard and no mouse, in each of the looks."""
    return Keyboard(sized)
