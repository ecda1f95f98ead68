"""The demo's invented people, made anew at each start over what the last demo left."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from phoneline import demo, people
from phoneline.db import Database
from phoneline.models import Checkin, Leg, Person
from phoneline.settings import SIMULATED_ACCOUNT
from phoneline.states import CheckinState
from tests.databases import Databases

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_it_starts_again_after_somebody_has_stopped_their_calls(databases: Databases) -> None:
    with databases.fresh("sqlite") as url:
        values = {"DATABASE_URL": url, "LINE_TIMEZONE": "America/Toronto"}
        demo._invent(values, "four words make sense", NOW)
        database = Database(url)
        with database.transaction() as session:
            for person in session.scalars(select(Person)):
                people.withdraw_consent(session, person.id, people.KEY_9, NOW)
        demo._invent(values, "four words make sense", NOW + timedelta(hours=1))
        with database.reading() as session:
            due = [one.due_at for one in session.scalars(select(Checkin).order_by(Checkin.due_at))]
        database.close()
    assert NOW + timedelta(hours=1) + demo.CHECKIN_IN in due


def test_the_day_sheet_is_full_from_the_start(databases: Databases) -> None:
    with databases.fresh("sqlite") as url:
        now = NOW + timedelta(hours=7)
        demo._invent({"DATABASE_URL": url, "LINE_TIMEZONE": "America/Toronto"}, "four words make sense", now)
        database = Database(url)
        with database.reading() as session:
            today = select(Checkin.state).where(Checkin.day_from <= now, Checkin.day_until > now)
            states = set(session.scalars(today))
            dialled = select(Leg.id).where(Leg.dialled_at.is_not(None), Leg.carrier_sid.is_(None))
            unplaced = session.scalars(dialled).all()
        database.close()
    over = {CheckinState.OK, CheckinState.TALKED, CheckinState.UNREACHED, CheckinState.SKIPPED}
    assert states == {*over, CheckinState.DUE}
    assert not unplaced, "the first page would say that the carrier takes no calls"


def test_a_call_of_one_demo_has_no_id_of_an_earlier_one() -> None:
    """The rows of the earlier ones are still there, and ids are unique."""
    values = {
        "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
        "TWILIO_AUTH_TOKEN": "token",
        "LINE_NUMBER": demo.LINE_NUMBER,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "TWILIO_API_URL": "http://127.0.0.1:0",
    }
    sids = set()
    for _ in range(2):
        with demo._telephones(values) as network:
            sids.add(network._exchange.sids.new("CA"))
    assert len(sids) == 2
