from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from phoneline import blocks
from phoneline.blocks import Decision, Whom
from phoneline.db import Database
from phoneline.models import Account, Block
from phoneline.states import AccountRole
from tests import factories

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER = factories.number(71)


@pytest.fixture
def account_id(database: Database) -> str:
    with database.transaction() as session:
        made = Account(
            email="c@example.org", email_hash="c", role=AccountRole.COORDINATOR, password_hash="x", created_at=NOW
        )
        session.add(made)
        session.flush()
        return made.id


def put(database: Database, account_id: str, now: datetime = NOW, ends_at: datetime | None = None) -> bool:
    with database.transaction() as session:
        whom = Whom(None, NUMBER, database.lookup_hash(NUMBER))
        return blocks.put(session, whom, Decision("A reason", ends_at, account_id), now)


def holds(database: Database, now: datetime = NOW) -> bool:
    with database.reading() as session:
        return blocks.standing(session, None, database.lookup_hash(NUMBER), now) is not None


def ids(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Block.id).order_by(Block.created_at)))


def test_who_is_blocked_is_not_blocked_twice(database: Database, account_id: str) -> None:
    assert [put(database, account_id), put(database, account_id)] == [True, False]
    assert len(ids(database)) == 1


def test_a_block_ends_by_itself_and_can_be_made_anew(database: Database, account_id: str) -> None:
    assert put(database, account_id, ends_at=NOW + HOUR)
    assert holds(database, NOW + HOUR - timedelta(seconds=1))
    assert not holds(database, NOW + HOUR)
    assert put(database, account_id, now=NOW + 2 * HOUR)
    assert holds(database, NOW + 2 * HOUR)
    assert len(ids(database)) == 2


def test_lifting_can_be_undone_until_it_would_have_ended(database: Database, account_id: str) -> None:
    put(database, account_id, ends_at=NOW + HOUR)
    [block_id] = ids(database)
    with database.transaction() as session:
        assert blocks.lift(session, block_id, NOW)
        assert not blocks.lift(session, block_id, NOW)
    assert not holds(database)
    with database.transaction() as session:
        assert not blocks.put_back(session, block_id, NOW + HOUR)
        assert blocks.put_back(session, block_id, NOW)
        assert not blocks.put_back(session, block_id, NOW)
    assert holds(database)


def test_lifting_is_not_undone_when_they_have_been_blocked_anew(database: Database, account_id: str) -> None:
    put(database, account_id)
    [first] = ids(database)
    with database.transaction() as session:
        blocks.lift(session, first, NOW)
    put(database, account_id, now=NOW + HOUR)
    with database.transaction() as session:
        assert not blocks.put_back(session, first, NOW + HOUR)
    assert holds(database, NOW + HOUR)


def test_a_number_of_one_person_means_the_person_and_a_shared_one_the_number(database: Database) -> None:
    with database.transaction() as session:
        sam = factories.person(session, now=NOW, numbers=[NUMBER, factories.number(72)], language="fr")
        number_hash = database.lookup_hash(NUMBER)
        assert blocks.of_number(session, NUMBER, number_hash) == Whom(sam.id, None, None, "fr")
        factories.person(session, now=NOW, numbers=[NUMBER])
        assert blocks.of_number(session, NUMBER, number_hash) == Whom(None, NUMBER, number_hash)


def test_a_contact_means_its_person_or_else_its_callers_number(database: Database) -> None:
    with database.transaction() as session:
        sam = factories.person(session, now=NOW)
        known = factories.contact(session, NOW, person_id=sam.id)
        stranger = factories.call(session, NOW, number=NUMBER, language="es")
        unknown = factories.contact(session, NOW, call_id=stranger.id)
        withheld = factories.contact(session, NOW, call_id=factories.call(session, NOW).id)
        hashed = database.lookup_hash
        assert blocks.of_contact(session, known.id, hashed) == Whom(sam.id, None, None, None, known.id)
        assert blocks.of_contact(session, unknown.id, hashed) == Whom(None, NUMBER, hashed(NUMBER), "es", unknown.id)
        assert blocks.of_contact(session, withheld.id, hashed) is None
        assert blocks.of_contact(session, "nothing", hashed) is None


def test_a_block_is_of_a_person_or_of_a_number(database: Database) -> None:
    with database.transaction() as session:
        sam = factories.person(session, now=NOW).id
    for given in ({}, {"person_id": sam, "number": NUMBER}):

        def make(given: dict[str, str] = given) -> None:
            with database.transaction() as session:
                factories.block(session, NOW, **given)

        with pytest.raises(IntegrityError):
            make()
