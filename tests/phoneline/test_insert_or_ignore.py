from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from phoneline.db import Database, insert_or_ignore
from phoneline.models import Contact, Pulse, Secret
from phoneline.states import ContactKind
from tests import factories

NOW = datetime(2026, 11, 2, 20, tzinfo=UTC)


def test_it_says_whether_the_row_was_inserted(database: Database) -> None:
    with database.transaction() as session:
        assert insert_or_ignore(session, Pulse, name="clock", at=NOW)
        assert not insert_or_ignore(session, Pulse, name="clock", at=NOW + timedelta(days=1))
    with database.reading() as session:
        assert session.get_one(Pulse, "clock").at == NOW


def test_it_fills_in_defaults_and_encrypts(database: Database) -> None:
    with database.transaction() as session:
        call = factories.call(session, NOW)
        assert insert_or_ignore(session, Contact, at=NOW, kind=ContactKind.CALL, call_id=call.id, note="A note")
        assert insert_or_ignore(session, Secret, name="another", value="unreadable")
    with database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.note, contact.kind) == ("A note", ContactKind.CALL)
        assert "unreadable" not in str(session.connection().exec_driver_sql("select value from secret").all())


def test_it_sees_what_the_session_has_not_written_yet(database: Database) -> None:
    with database.transaction() as session:
        session.add(Pulse(name="clock", at=NOW))
        assert not insert_or_ignore(session, Pulse, name="clock", at=NOW)


def test_only_unique_rules_are_ignored(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        insert_or_ignore(session, Contact, at=NOW, kind=ContactKind.CALL, call_id="of no call")
