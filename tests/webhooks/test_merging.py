"""A call or a text that comes in the very instant in which its caller's two records are made one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import clock, merging, people
from phoneline.db import Database
from phoneline.line import Line
from phoneline.merging import Refusal
from phoneline.models import Call, Contact, Person, PersonMerge
from tests import factories
from tests.databases import await_lock
from tests.webhooks.carrier import CALLER, Carrier

ARRIVES: dict[str, Callable[[Carrier], object]] = {
    "a call": lambda carrier: carrier.ask("/webhooks/voice", "CA" + "0" * 32, From=CALLER),
    "a text": lambda carrier: carrier.ask("/webhooks/sms", MessageSid="SM1", Body="Hello", From=CALLER),
}


@pytest.fixture
def both(database: Database) -> tuple[str, str]:
    """Somebody's record, and their other one with the number that they use now."""
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    with database.transaction() as session:
        kept = factories.person(session, now=clock.now(), numbers=[factories.number(1)], language="en")
        return kept.id, factories.person(session, now=clock.now(), numbers=[CALLER], language="en").id


def merge(session: Session, line: Line, both: tuple[str, str]) -> object:
    return merging.merge(session, *both, None, line.live, clock.now())


@pytest.mark.parametrize("what", ARRIVES)
def test_what_comes_while_they_are_made_one_is_of_the_one_that_stays(
    line: Line, carrier: Carrier, both: tuple[str, str], what: str
) -> None:
    database = line.database
    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as merging_them:
            assert isinstance(merge(merging_them, line, both), PersonMerge)
            arriving = threads.submit(ARRIVES[what], carrier)
            assert await_lock(database, arriving)
        arriving.result()
    with database.reading() as session:
        rows = [*session.scalars(select(Call.person_id)), *session.scalars(select(Contact.person_id))]
        assert set(rows) == {both[0]}


def test_whoever_is_recognised_isnt_made_another_before_their_call_is_written_down(
    line: Line, both: tuple[str, str]
) -> None:
    database, now = line.database, clock.now()
    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as arriving:
            caller = people.calling_from(arriving, database.lookup_hash(CALLER))
            assert caller is not None
            merged = threads.submit(database.run, partial(merge, line=line, both=both))
            assert await_lock(database, merged)
            factories.call(arriving, now, person_id=caller.person_id)
        assert merged.result() == [Refusal.UNDER_WAY], "they are on the telephone"
    with database.reading() as session:
        assert session.get_one(Person, both[1]).merged_into_id is None
