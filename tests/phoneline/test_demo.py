"""The demo's invented people, made anew at each start over what the last demo left."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from phoneline import demo, people
from phoneline.db import Database
from phoneline.models import Checkin, Person
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
    assert due[-1] == NOW + timedelta(hours=1) + demo.CHECKIN_IN
