from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getclosurevars

import pytest
from flask import Flask

from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.settings import Settings
from tests.webhooks.carrier import Carrier, Records, settings
from tests.webhooks.checkin_call import Call, Calling
from tests.webhooks.ladder import Ladder
from tests.webhooks.scenes import Scene, await_trouble
from webhooks.twiml import SOUNDS
from wsgi import create_app


@pytest.fixture
def line_settings(database_url: str) -> Settings:
    return settings(database_url)


@dataclass(frozen=True)
class Web:
    """The web side over one database. To register all its addresses anew takes longer than most tests."""

    line: Line
    records: Records
    app: Flask


@pytest.fixture(scope="session")
def webs() -> dict[Database, Web]:
    return {}


@pytest.fixture
def web(database: Database, line_settings: Settings, webs: dict[Database, Web]) -> Web:
    """As new: it knows no live settings and no recordings, and has asked the carrier nothing."""
    found = webs.get(database)
    if found is None or found.line.settings != line_settings:
        records = Records()
        line = Line(line_settings, database, records, LiveSettingsCache(database))
        found = webs[database] = Web(line, records, create_app(line))
    found.records.forget()
    found.line.live_cache._kept = None
    getclosurevars(found.app.wsgi_app).nonlocals["carrier"].extensions[SOUNDS]._asked_at = float("-inf")
    return found


@pytest.fixture
def records(web: Web) -> Records:
    return web.records


@pytest.fixture
def line(web: Web) -> Iterator[Line]:
    """An open line without workers: what a commit would have done afterwards stays undone."""
    yield web.line
    await_trouble()


@pytest.fixture
def app(web: Web, line: Line) -> Flask:
    """Once `line` is there, whose troubles are over before the next test."""
    return web.app


@pytest.fixture
def carrier(app: Flask) -> Carrier:
    return Carrier(app)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


@pytest.fixture
def calling(scene: Scene, carrier: Carrier) -> Calling:
    return lambda **plan: Call(scene, carrier, **plan)


@pytest.fixture
def ladder(scene: Scene, carrier: Carrier) -> Ladder:
    return Ladder(scene, carrier)
