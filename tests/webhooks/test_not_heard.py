"""Whom nobody has heard from: kept at the places where somebody is heard, and listed longest silent first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline import (
    accounts,
    arriving_texts,
    checkins,
    conversations,
    follow_ups,
    last_heard,
    not_heard,
    outreach,
    seen,
    voicemails,
)
from phoneline.carrier import Audio
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Contact, Person
from phoneline.states import (
    AccountRole,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    OfferResult,
    Role,
    VoicemailState,
)
from tests import factories

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)
DAY = timedelta(days=1)
LIVE = LiveSettings()


def peer(session: Session, **given: object) -> Person:
    return factories.person(session, now=LONG_AGO, **given)


def listed(session: Session, most: int = 50, after: not_heard.Place | None = None) -> list[str]:
    return [one.person_id for one in not_heard.page(session, LIVE, NOW, after, most)]


def heard_at(session: Session, who: Person) -> datetime:
    return session.scalars(select(Person.last_heard_at).where(Person.id == who.id)).one()


# Where somebody is heard


def by_ok(session: Session, who: Person) -> None:
    checkins.said_ok(session, _attempt(session, who), NOW)


def by_wish_to_talk(session: Session, who: Person) -> None:
    checkins.wants_to_talk(session, _attempt(session, who), NOW)


def _attempt(session: Session, who: Person) -> Attempt:
    planned = factories.plan(session, who, NOW.replace(tzinfo=None), NOW)
    checkin = factories.checkin(session, planned, NOW, state=CheckinState.CALLING)
    call = factories.call(session, NOW, person_id=who.id, direction=Direction.OUTBOUND, state=CallState.CHECKIN)
    return factories.attempt(session, checkin, call, NOW)


def by_call(session: Session, who: Person) -> None:
    call = factories.call(session, NOW, person_id=who.id, state=CallState.ENDED, answered_at=NOW)
    conversations.volunteer_is_done(session, call, NOW)


def by_our_call(session: Session, who: Person) -> None:
    call = factories.call(session, NOW, person_id=who.id, direction=Direction.OUTBOUND, state=CallState.CONNECTED)
    conversations.caller_joins(session, call, NOW)


def by_text(session: Session, who: Person) -> None:
    number = who.numbers[0]
    arrived = arriving_texts.Arrived(f"SM{who.id}", number.number, number.number_hash, "Hello")
    arriving_texts.receive(session, arrived, LIVE, NOW)


def by_message(session: Session, who: Person) -> None:
    left = factories.contact(session, NOW, kind=ContactKind.VOICEMAIL, person_id=who.id)
    row = factories.voicemail(session, left, None, state=VoicemailState.AWAITED)
    voicemails.keep(session, row.id, "RE1", 6, Audio(b"RIFF", "audio/wav"))


def in_person(session: Session, who: Person) -> None:
    seen.log_contact(session, who.id, ContactKind.IN_PERSON, NOW)


@pytest.mark.parametrize(
    "way", [by_ok, by_wish_to_talk, by_call, by_our_call, by_text, by_message, in_person], ids=lambda way: way.__name__
)
def test_who_was_heard_is_off_the_list_and_needs_no_call(database: Database, way: object) -> None:
    assert callable(way)
    with database.transaction() as session:
        who = peer(session, checkins_missed=5)
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW)
        assert listed(session) == [who.id]
        task = outreach.ask(session, who.id, login.id, NOW)
        assert outreach.ask(session, who.id, login.id, NOW) is None, "one task, however often it is asked for"
        way(session, who)
        session.flush()
        assert heard_at(session, who) == NOW
        assert session.scalars(select(Person.checkins_missed)).first() == 0
        assert listed(session) == []
        asked = session.scalars(select(Contact).where(Contact.id == task)).one()
        assert (asked.follow_up, asked.done_at is not None) == (FollowUp.DONE, True)


def test_what_proves_nothing_leaves_them_on_it(database: Database) -> None:
    with database.transaction() as session:
        who = peer(session)
        call = factories.call(session, NOW, person_id=who.id, state=CallState.WAITING)
        conversations.volunteer_is_done(session, call, NOW)
        left = factories.contact(session, NOW, kind=ContactKind.VOICEMAIL, person_id=who.id)
        voicemails.too_short(
            session, factories.voicemail(session, left, None, state=VoicemailState.AWAITED).id, "RE1", 1
        )
        assert listed(session) == [who.id]


def test_a_wrong_number_is_counted_out_again(database: Database) -> None:
    with database.transaction() as session:
        who, volunteer = peer(session), factories.person(session, Role.VOLUNTEER, now=NOW)
        seen.log_contact(session, who.id, ContactKind.IN_PERSON, NOW, at=NOW - 20 * DAY)
        call = factories.call(session, NOW, person_id=who.id, state=CallState.ENDED, answered_at=NOW)
        offer = factories.offer(session, call, volunteer, NOW, OfferResult.ACCEPTED)
        offer.joined_at = NOW
        conversations.volunteer_is_done(session, call, NOW)
        assert heard_at(session, who) == NOW
        conversations.record_outcome(session, call, offer, ContactOutcome.WRONG_NUMBER, NOW)
        assert heard_at(session, who) == NOW - 20 * DAY
        assert listed(session) == [who.id]


# The list


def test_longest_silent_first_by_the_lines_days_their_own_and_what_they_missed(database: Database) -> None:
    with database.transaction() as session:

        def silent(days: float, **given: object) -> str:
            return peer(session, last_heard_at=NOW - days * DAY, **given).id

        month, barely = silent(30), silent(14.1)
        short, long = silent(8, not_heard_days=7), silent(50, not_heard_days=60)
        missing, tried = silent(1, checkins_missed=3), silent(2, checkins_missed=2)
        both = silent(20, checkins_missed=9)
        silent(13.9)
        factories.person(session, Role.VOLUNTEER, now=LONG_AGO)
        assert listed(session) == [month, both, barely, short, missing]
        assert not {long, tried} & set(listed(session))
        first = not_heard.page(session, LIVE, NOW, None, 2)
        assert listed(session, 2, first[-1]) == [barely, short]
        assert not_heard.count(session, LIVE, NOW, 100) == 5
        assert not_heard.count(session, LIVE, NOW, 3) == 3


@pytest.mark.parametrize(
    ("tried", "hands_off", "missed"), [(3, None, 1), (0, None, 0), (1, NOW, 0)], ids=["tried", "not called", "talk"]
)
def test_only_where_we_tried_in_vain_a_check_in_was_missed(
    database: Database, tried: int, hands_off: datetime | None, missed: int
) -> None:
    with database.transaction() as session:
        who = peer(session)
        planned = factories.plan(session, who, NOW.replace(tzinfo=None), NOW)
        given = {"state": CheckinState.WAITING, "attempts_used": tried, "hands_off_at": hands_off}
        checkins.give_up(session, factories.checkin(session, planned, NOW, **given), CheckinState.UNREACHED, NOW)
        assert session.scalars(select(Person.checkins_missed)).one() == missed


def test_the_past_is_counted_as_it_was_by_each_place(database: Database) -> None:
    """`recount` from the contacts, as the migration does it."""
    with database.transaction() as session:
        for way in (by_ok, by_call, in_person, by_text):
            who = peer(session)
            way(session, who)
            session.flush()
            session.execute(update(Person).values(last_heard_at=LONG_AGO))
            last_heard.recount(session, who.id)
            assert heard_at(session, who) == NOW, way.__name__


def test_a_task_that_is_done_can_be_asked_for_anew(database: Database) -> None:
    with database.transaction() as session:
        who = peer(session)
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW)
        first = outreach.ask(session, who.id, login.id, NOW)
        assert first is not None
        follow_ups.finish(session, first, NOW)
        assert outreach.ask(session, who.id, login.id, NOW) not in {None, first}
