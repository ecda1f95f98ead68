from collections.abc import Iterator

import pytest
from flask import Flask

from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.settings import Settings
from tests.webhooks.carrier import Carrier, Records, settings
from tests.webhooks.scenes import Scene, await_trouble
from wsgi import create_app


@pytest.fixture
def line_settings(database_url: str) -> Settings:
    return settings(database_url)


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def line(database: Database, line_settings: Settings, records: Records) -> Iterator[Line]:
    """An open line without workers: what a commit would have done afterwards stays undone."""
    yield Line(line_settings, database, records, LiveSettingsCache(database))
    await_trouble()


@pytest.fixture
def app(line: Line) -> Flask:
    return create_app(line)


@pytest.fixture
def carrier(app: Flask) -> Carrier:
    return Carrier(app)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)
