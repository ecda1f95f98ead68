"""Who claims what is due, where several processes dial at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from phoneline import clock, live_settings
from phoneline.db import Database
from phoneline.dialling import _claim_with_turns
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from tests import factories
from tests.databases import await_lock
from tests.webhooks.carrier import Records
from tests.webhooks.carrier import settings as line_settings

QUICK = {"calls_per_second": "50", "quiet_weekday": "00:00-00:00", "quiet_weekend": "00:00-00:00"}


def _due(session: Session, name: str, now: datetime) -> None:
    """A check-in of somebody who shares a telephone, due just now."""
    peer = factories.person(session, name=name, numbers=[factories.number(1)], now=now)
    factories.consent(session, peer, now)
    plan = factories.plan(session, peer, now.replace(tzinfo=None), now)
    factories.checkin(session, plan, now - timedelta(seconds=1))


def test_of_two_who_dial_at_once_one_rings_a_shared_telephone(database: Database) -> None:
    """Neither sees what the other is about to do before that is committed."""
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    now = clock.now()
    with database.transaction() as session:
        for key, value in QUICK.items():
            live_settings.write(session, key, value, now)
        _due(session, "Mika", now)
    url = database.engine.url.render_as_string(hide_password=False)
    line = Line(line_settings(url), database, Records(), LiveSettingsCache(database))
    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as first:
            claimed = _claim_with_turns(first, line)
            with database.transaction() as session:
                _due(session, "Noah", now)
            second = threads.submit(database.run, partial(_claim_with_turns, line=line))
            assert await_lock(database, second)
        assert isinstance(claimed, list)
        assert len(claimed) == 1
        assert not isinstance(second.result(), list), "their telephone is about to ring"
