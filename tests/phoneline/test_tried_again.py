"""Work that another transaction gets in the way of begins anew, and finds what the other one did."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline.db import Database
from phoneline.models import Pulse

POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""On SQLite whoever writes is alone."""
THEIRS = datetime(2026, 11, 2, 20, tzinfo=UTC)
OURS = THEIRS + timedelta(hours=1)


def put(session: Session, at: datetime) -> datetime:
    session.add(Pulse(name="clock", at=at))
    session.flush()
    return at


@POSTGRESQL
def test_who_writes_what_another_has_just_written_looks_once_more(database: Database) -> None:
    tries = []

    def work(session: Session) -> datetime:
        found = session.get(Pulse, "clock")
        tries.append(found is not None)
        if found is not None:
            return found.at
        database.run(lambda other: put(other, THEIRS))
        return put(session, OURS)

    assert database.run(work) == THEIRS
    assert tries == [False, True]


def test_what_no_rule_allows_is_refused_at_last(database: Database) -> None:
    database.run(lambda session: put(session, THEIRS))
    with pytest.raises(IntegrityError):
        database.run(lambda session: put(session, OURS))
