"""Two records of one person are made one, and parted again: nothing is lost, whatever hangs on them."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline import merge_rows, merging, people
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.merging import Refusal
from phoneline.models import (
    Account,
    Checkin,
    Contact,
    Pause,
    Person,
    PersonMerge,
    PersonRole,
    PhoneNumber,
    WorkLimit,
)
from phoneline.states import AccountRole, CallState, ConsentKind, PauseReason, PlanKind, Role
from tests import factories
from tests.databases import ONE_KIND

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVE = LiveSettings()
AFTERWARDS = ("person_merge", "person_change")
"""Tables in which the merging itself is written down."""


def tie_at_random(session: Session, ids: list[str], seed: int) -> None:
    """Wherever a row names a person it names one of these, as far as the database allows it."""
    chance = random.Random(seed)  # noqa: S311 - which rows, nothing secret
    for column in merge_rows.columns():
        for key in session.execute(select(*column.table.primary_key.columns)).all():
            to = chance.choice(ids)
            try:
                with session.begin_nested():
                    which = merge_rows._are(column.table.primary_key.columns, key)
                    session.execute(update(column.table).where(which).values({column.name: to}))
            except IntegrityError:
                pass


def twins(session: Session, one: Person) -> None:
    """What nobody may have twice: of this, one has to be put aside."""
    local = NOW.replace(tzinfo=None)
    factories.consent(session, one, NOW)
    factories.daily_limit(session, one, NOW, calls=2)
    factories.block(session, NOW, person_id=one.id)
    factories.agreed_contact(session, one, NOW, number="+14165550177")
    factories.shift(session, one, local, local + HOUR, NOW)
    factories.plan(session, one, local, NOW)
    session.add(Pause(person_id=one.id, reason=PauseReason.MISSED, since=NOW))
    session.add(WorkLimit(person_id=one.id, hours_a_week=10, days_off=""))
    session.flush()


def test_all_that_names_the_one_names_the_other_and_goes_back_exactly(database: Database) -> None:
    factories.some_of_everything(database, NOW)
    with database.transaction() as session:
        both = [factories.person(session, now=NOW, numbers=[]) for _ in range(2)]
        for one in both:
            twins(session, one)
        kept, gone = (one.id for one in both)
        tie_at_random(session, [kept, gone, gone], seed=int(database.is_sqlite))
    before = factories.dump(database)
    with database.transaction() as session:
        moved = merge_rows.move(session, gone, kept)
    after = factories.dump(database)
    taken_out = Counter(table for table, _ in moved.taken_out)
    assert {table: len(rows) - taken_out[table] for table, rows in before.items()} == {
        table: len(rows) for table, rows in after.items()
    }
    with database.reading() as session:
        left = merge_rows.counts(session, gone)
    assert set(left) == set(moved.stayed)
    assert taken_out
    assert len(moved.keys) > len(merge_rows.columns()) / 2
    with database.transaction() as session:
        merge_rows.move_back(session, moved, gone, kept)
    assert factories.dump(database) == before


def two(session: Session, **given: Any) -> tuple[Person, Person]:
    """Sam, and Sam's other record."""
    kept = factories.person(session, now=NOW - HOUR, name="Sam", numbers=["+14165550141"])
    return kept, factories.person(session, now=NOW, name="S.", **{"numbers": ["+14165550142"], **given})


def test_everything_is_theirs_and_undone_both_are_as_they_were(database: Database) -> None:
    with database.transaction() as session:
        sam, other = two(session, language="fr", prefers=["women"])
        factories.consent(session, other, NOW)
        planned = factories.plan(session, other, NOW.replace(tzinfo=None), NOW)
        factories.checkin(session, planned, NOW + HOUR)
        ended = factories.call(session, NOW, person_id=other.id, state=CallState.ENDED, ended_at=NOW)
        factories.contact(session, NOW, person_id=other.id, call_id=ended.id)
        for one in (sam, other):
            session.add(Pause(person_id=one.id, reason=PauseReason.MISSED, since=NOW))
            session.add(WorkLimit(person_id=one.id, hours_a_week=10, days_off=""))
        email = "a@example.org"
        session.add(
            Account(
                email=email,
                email_hash=email,
                role=AccountRole.COORDINATOR,
                password_hash="",
                created_at=NOW,
                id="login",
            )
        )
    before = factories.dump(database)
    with database.transaction() as session:
        made = merging.merge(session, sam.id, other.id, "login", LIVE, NOW)
        assert isinstance(made, PersonMerge)
    with database.reading() as session:
        now_one = session.get_one(Person, sam.id)
        assert [one.number for one in now_one.numbers] == ["+14165550141", "+14165550142"]
        assert (now_one.name, now_one.language, now_one.prefers) == ("Sam", "fr", ["women"])
        assert people.has_consent(session, sam.id)
        assert session.scalars(select(Checkin.person_id)).one() == sam.id
        assert session.scalars(select(Contact.person_id)).one() == sam.id
        assert people.calling_from(session, other.numbers[0].number_hash) == people.KnownCaller(sam.id, "fr", True)
        assert session.get_one(Person, other.id).merged_into_id == sam.id
        again = merging.refusals(session, sam.id, other.id, LIVE, NOW)
        assert again == [Refusal.NOBODY]
    with database.transaction() as session:
        assert merging.part(session, sam.id, made.id, "login", NOW) is None
    after = factories.dump(database)
    for table in AFTERWARDS:
        before.pop(table), after.pop(table)
    assert after == before
    with database.transaction() as session:
        assert merging.part(session, sam.id, made.id, "login", NOW) is Refusal.NOBODY


def volunteers_at_once(session: Session, kept: Person, gone: Person) -> None:
    for one in (kept, gone):
        local = NOW.replace(tzinfo=None)
        factories.shift(session, one, local, local + 3 * HOUR, NOW)


def stopped(session: Session, kept: Person, gone: Person) -> None:
    factories.consent(session, kept, NOW)
    people.give_consent(session, gone.id, people.SPREADSHEET, NOW)
    people.withdraw_consent(session, gone.id, people.KEY_9, NOW)


def no_volunteers(session: Session, kept: Person, gone: Person) -> None:
    factories.plan(session, kept, NOW.replace(tzinfo=None), NOW, kind=PlanKind.VOLUNTEER)
    people.refuse_volunteers(session, gone.id, people.KEY_9, NOW)
    assert not people.has_consent(session, kept.id, ConsentKind.VOLUNTEER_CALLS)


def planned_twice(session: Session, kept: Person, gone: Person) -> None:
    for one in (kept, gone):
        factories.plan(session, one, NOW.replace(tzinfo=None), NOW)


def elsewhere(session: Session, kept: Person, gone: Person) -> None:
    gone.timezone = "Asia/Kolkata"
    factories.plan(session, gone, NOW.replace(tzinfo=None), NOW)


def shared(session: Session, kept: Person, gone: Person) -> None:
    kept.roles.append(PersonRole(role=Role.VOLUNTEER))
    factories.person(session, now=NOW, numbers=["+14165550142"])


def logins(session: Session, kept: Person, gone: Person) -> None:
    for one in (kept, gone):
        told = {"email": one.id, "email_hash": one.id, "role": AccountRole.VOLUNTEER, "password_hash": ""}
        session.add(Account(created_at=NOW, person_id=one.id, **told))


def talks(session: Session, _kept: Person, gone: Person) -> None:
    factories.call(session, NOW, person_id=gone.id)


def numbers(_session: Session, kept: Person, _gone: Person) -> None:
    kept.numbers.append(PhoneNumber(position=2, number="+14165550143", number_hash="another"))


REASONS: Mapping[str, tuple[Callable[[Session, Person, Person], None], Refusal]] = {
    "logins": (logins, Refusal.TWO_LOGINS),
    "shifts": (volunteers_at_once, Refusal.BOTH_ON_SHIFT),
    "talks": (talks, Refusal.UNDER_WAY),
    "numbers": (numbers, Refusal.TOO_MANY_NUMBERS),
    "shared": (shared, Refusal.SHARED_NUMBER),
    "planned": (planned_twice, Refusal.PLAN_TWICE),
    "elsewhere": (elsewhere, Refusal.TWO_ZONES),
    "stopped": (stopped, Refusal.SAID_NO),
    "no volunteers": (no_volunteers, Refusal.SAID_NO),
}


@ONE_KIND
@pytest.mark.parametrize("reason", REASONS)
def test_what_would_leave_it_unclear_is_refused_and_nothing_done(database: Database, reason: str) -> None:
    make, refusal = REASONS[reason]
    with database.transaction() as session:
        both = two(session)
        make(session, *both)
    before = factories.dump(database)
    with database.transaction() as session:
        assert merging.merge(session, both[0].id, both[1].id, "login", LIVE, NOW) == [refusal]
    assert factories.dump(database) == before
