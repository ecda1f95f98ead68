from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from phoneline import due_checkins, progress
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Checkin, Leg
from phoneline.states import AttemptResult, CheckinState, LegState
from tests import factories
from tests.factories import TORONTO

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LIVE = LiveSettings()


@pytest.fixture
def leg_id(database: Database) -> str:
    """A check-in's leg that is just being dialled."""
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        factories.consent(session, peer, NOW)
        plan = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW)
        factories.checkin(session, plan, NOW)
        leg = due_checkins.begin_attempt(session, LIVE, TORONTO, NOW)
        assert leg is not None
        return leg.id


def test_a_carrier_that_was_not_reached_uses_up_no_attempt(database: Database, leg_id: str) -> None:
    with database.transaction() as session:
        progress.not_reached(session, session.get_one(Leg, leg_id), LIVE, NOW)
    with database.reading() as session:
        checkin = session.scalars(select(Checkin)).one()
        assert (checkin.state, checkin.attempts_used, checkin.attempts) == (CheckinState.WAITING, 0, [])
        assert checkin.attempt_due_at == NOW < checkin.dial_after, "its grace still runs from when it was due"
        assert session.scalars(select(Call)).all() == []
        assert session.get_one(Leg, leg_id).state is LegState.ENDED


def test_a_dial_that_is_unclear_is_never_made_again(database: Database, leg_id: str) -> None:
    with database.transaction() as session:
        progress.unclear(session, session.get_one(Leg, leg_id), NOW)
        assert due_checkins.begin_attempt(session, LIVE, TORONTO, NOW) is None
    with database.reading() as session:
        checkin = session.scalars(select(Checkin)).one()
        assert checkin.state is CheckinState.CALLING
        assert [attempt.result for attempt in checkin.attempts] == [AttemptResult.UNKNOWN]


def test_a_leg_that_the_carrier_refused_is_an_attempt_that_failed(database: Database, leg_id: str) -> None:
    with database.transaction() as session:
        progress.refused(session, session.get_one(Leg, leg_id), LIVE, NOW)
    with database.reading() as session:
        checkin = session.scalars(select(Checkin)).one()
        assert (checkin.state, checkin.attempts_used) == (CheckinState.WAITING, 1)
        assert [attempt.result for attempt in checkin.attempts] == [AttemptResult.FAILED]
