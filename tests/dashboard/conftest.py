from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.current import LINE
from phoneline import live_settings
from phoneline.db import Database
from phoneline.states import AccountRole
from tests.dashboard import evening, pages
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.full_day import FullDay
from tests.dashboard.pages import StoppedLine


@pytest.fixture
def line(database: Database, database_url: str) -> StoppedLine:
    """A line with logins and nothing else."""
    with database.transaction() as session:
        evening.logins(session, NOW)
    return pages.stopped_line(database, pages.settings(database_url))


@pytest.fixture(scope="session")
def apps() -> dict[Database, Flask]:
    return {}


@pytest.fixture
def app(line: StoppedLine, apps: dict[Database, Flask]) -> Flask:
    """The pages of this database, over this line now: to register them anew takes longer than most tests."""
    if line.database not in apps:
        apps[line.database] = pages.pages(line)
    apps[line.database].extensions[LINE] = line
    return apps[line.database]


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    return pages.logged_in(app, AccountRole.COORDINATOR)


@pytest.fixture
def volunteer(app: Flask) -> FlaskClient:
    return pages.logged_in(app, AccountRole.VOLUNTEER)


@pytest.fixture
def busy_evening(line: StoppedLine) -> Evening:
    with line.database.transaction() as session:
        return Evening(session).fill()


@pytest.fixture
def day(line: StoppedLine) -> Mapping[str, str]:
    """The ids of a full day's check-ins, by their peers."""
    with line.database.transaction() as session:
        for key in ("quiet_weekday", "quiet_weekend"):
            live_settings.write(session, key, "22:00-07:00", NOW)
        filled = FullDay(session, Evening(session)).fill()
        return {name: checkin.id for name, checkin in filled.checkins.items()}
