"""No follow-up is open without an owner and a due time, and what is overdue moves on."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline import accounts, alarms, checkins, contacts, duty, escalation_team, follow_ups, owners
from phoneline.db import Database
from phoneline.follow_up_states import FollowUpEnding, MoveReason
from phoneline.live_settings import LiveSettings
from phoneline.models import Alarm, Contact, Escalation, FollowUpEnd, FollowUpMove, Person
from phoneline.states import (
    AccountRole,
    AlarmKind,
    AlarmState,
    CheckinState,
    Duty,
    FollowUp,
    Purpose,
    Role,
)
from tests import factories

LIVE = LiveSettings()
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
"""A Friday in Toronto, half past ten."""
HOUR = timedelta(hours=1)
SATURDAY_18 = datetime(2026, 11, 21, 23, tzinfo=UTC)


class Care:
    """One follow-up, the clock, and the coordinators whose it may be."""

    def __init__(self, database: Database, follow_up: FollowUp = FollowUp.URGENT) -> None:
        self.database, self.now = database, NOW
        with database.transaction() as session:
            made = factories.contact(session, NOW)
            contacts.want_follow_up(made, follow_up)
            self.id = made.id

    def coordinator(self, apart: timedelta = timedelta()) -> str:
        with self.database.transaction() as session:
            return factories.person(session, Role.COORDINATOR, now=NOW + apart).id

    def look(self, at: datetime) -> Contact:
        """What two clocks do at that moment, and how the follow-up stands then."""
        self.now = at
        for _ in range(2):
            self.database.run(lambda session: owners.look(session, LIVE, at))
        return self.contact()

    def contact(self) -> Contact:
        with self.database.reading() as session:
            return session.get_one(Contact, self.id)

    def moves(self) -> list[tuple[MoveReason, str | None]]:
        with self.database.reading() as session:
            found = select(FollowUpMove).order_by(FollowUpMove.at)
            return [(one.why, one.owner_id) for one in session.scalars(found)]

    def alarms(self, *states: AlarmState) -> list[AlarmKind]:
        with self.database.reading() as session:
            return list(session.scalars(select(Alarm.kind).where(Alarm.state.in_(states or tuple(AlarmState)))))

    def do(self, work: Callable[[Session], object]) -> object:
        return self.database.run(work)


@pytest.fixture
def care(database: Database) -> Care:
    return Care(database)


@pytest.mark.parametrize(
    ("follow_up", "due"), [(FollowUp.URGENT, NOW + HOUR), (FollowUp.WANTED, SATURDAY_18)], ids=["urgent", "wanted"]
)
def test_it_is_the_coordinators_on_duty_an_hour_from_now_or_by_the_next_evening(
    database: Database, follow_up: FollowUp, due: datetime
) -> None:
    care = Care(database, follow_up)
    care.coordinator()
    on_duty = care.coordinator(HOUR)
    with database.transaction() as session:
        local = NOW.astimezone(factories.TORONTO).replace(tzinfo=None)
        who = session.get_one(Person, on_duty)
        factories.shift(session, who, local - HOUR, local + HOUR, NOW, duty=Duty.COORDINATOR)
        assert duty.coordinators_on_duty(session, NOW) == [on_duty]
    assert care.contact().due_at == NOW, "due at once until somebody has it"
    contact = care.look(NOW)
    assert (contact.owner_id, contact.due_at, contact.given_at) == (on_duty, due, NOW)
    assert care.moves() == []
    contact = care.look(due - timedelta(seconds=1))
    assert (contact.follow_up, contact.overdue_since) == (follow_up, None)


@pytest.mark.parametrize("gone", [False, True], ids=["nobody yet", "erased"])
def test_nothing_stays_nobodys_once_there_is_a_coordinator(care: Care, *, gone: bool) -> None:
    if gone:
        care.coordinator()
    contact = care.look(NOW)
    assert (contact.owner_id is None, contact.due_at) == (not gone, NOW + HOUR)
    if gone:
        with care.database.transaction() as session:
            session.delete(session.get_one(Person, contact.owner_id))
        assert care.contact().owner_id is None
    with care.database.reading() as session:
        assert not session.scalar(select(owners.is_anything_due(NOW))), "nobody to give it to"
    one, soon = care.coordinator(), NOW + timedelta(minutes=10)
    with care.database.reading() as session:
        assert session.scalar(select(owners.is_anything_due(soon)))
    contact = care.look(soon)
    assert (contact.owner_id, contact.due_at, contact.given_at) == (one, soon + HOUR, soon)
    assert care.look(soon + timedelta(minutes=1)).given_at == soon, "given once"
    assert care.moves() == []


def test_another_time_is_kept_with_its_reason_and_makes_what_is_urgent_theirs(database: Database) -> None:
    care, until = Care(database), SATURDAY_18
    asked = care.coordinator()
    care.look(NOW)
    care.look(NOW + HOUR)
    assert care.alarms(AlarmState.OPEN) == [AlarmKind.OVERDUE]
    late = NOW + timedelta(minutes=70)
    with database.transaction() as session:
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW).id
    assert care.do(lambda session: owners.put_off(session, care.id, until, "At work until six.", login, late))
    care.do(lambda session: alarms.find(session, LIVE, late))
    contact = care.look(late)
    assert (contact.owner_account_id, contact.due_at, contact.overdue_since) == (login, until, None)
    assert care.alarms(AlarmState.OPEN) == [], "they look after it: nobody is called"
    with database.reading() as session:
        moved = session.scalars(select(FollowUpMove).filter_by(why=MoveReason.LATER)).one()
        assert (moved.due_at, moved.note, moved.account_id) == (until, "At work until six.", login)
    contact = care.look(until)
    assert (contact.owner_id, contact.overdue_since) == (asked, until), "and then it goes on as before"
    calm = Care(database, FollowUp.WANTED)
    calm.look(NOW)
    assert calm.do(lambda session: owners.put_off(session, calm.id, until + HOUR, "She asked so.", login, NOW))
    contact = calm.contact()
    assert (contact.owner_id, contact.due_at) == (asked, until + HOUR), "without hurry it stays whose it was"
    calm.do(lambda session: follow_ups.finish(session, calm.id, NOW))
    assert not calm.do(lambda session: owners.put_off(session, calm.id, until, "Too late.", login, NOW))


def test_how_it_ended_is_kept_and_what_was_done_lately_is_taken_back_once(care: Care) -> None:
    with care.database.transaction() as session:
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW).id
    ended = follow_ups.Ending(FollowUpEnding.NOT_REACHED, login, "Three tries.")
    for was in (FollowUp.URGENT, None):
        assert care.do(lambda session: follow_ups.finish(session, care.id, NOW, ended)) is was
    later = NOW + timedelta(days=3)
    assert not care.do(lambda session: follow_ups.take_back(session, care.id, NOW + HOUR, later)), "too long ago"
    for back in (True, False):
        assert care.do(lambda session: follow_ups.take_back(session, care.id, NOW, later)) is back
    assert care.contact().follow_up is FollowUp.URGENT
    with care.database.reading() as session:
        kept = session.scalars(select(FollowUpEnd)).one()
        assert (kept.ending, kept.was, kept.note, kept.taken_back_at) == (
            *(FollowUpEnding.NOT_REACHED, FollowUp.URGENT, "Three tries.", later),
        )


def test_what_is_overdue_becomes_urgent_goes_round_and_rings_anew_each_time(database: Database) -> None:
    care = Care(database, FollowUp.WANTED)
    first, second = care.coordinator(), care.coordinator(HOUR)
    assert care.look(NOW).owner_id == first
    contact = care.look(SATURDAY_18)
    assert (contact.follow_up, contact.owner_id, contact.overdue_since) == (FollowUp.URGENT, second, SATURDAY_18)
    assert contact.due_at == SATURDAY_18 + HOUR
    care.do(lambda session: alarms.find(session, LIVE, SATURDAY_18))
    assert care.alarms() == [AlarmKind.OVERDUE], "one alarm for all that is overdue, none of its own"
    assert care.look(SATURDAY_18 + HOUR).owner_id == first
    assert care.alarms(AlarmState.OPEN, AlarmState.OVER) == [AlarmKind.OVERDUE] * 2, "told again"
    assert care.look(SATURDAY_18 + 2 * HOUR).due_at == SATURDAY_18 + 26 * HOUR, "from then on once a day"
    assert care.moves() == [(MoveReason.OVERDUE, second), (MoveReason.OVERDUE, first), (MoveReason.OVERDUE, second)]
    care.do(lambda session: follow_ups.finish(session, care.id, NOW))
    care.look(SATURDAY_18 + 3 * HOUR)
    assert care.alarms(AlarmState.OPEN) == []


def test_several_overdue_at_once_are_one_alarm(database: Database) -> None:
    care, *_ = (Care(database) for _ in range(3))
    care.coordinator()
    care.look(NOW)
    care.look(NOW + HOUR)
    assert care.alarms() == [AlarmKind.OVERDUE]
    assert len(care.moves()) == 3


def test_clocks_at_the_same_moment_move_it_on_once(care: Care) -> None:
    care.coordinator()
    care.look(NOW)
    together = threading.Barrier(4)

    def clock() -> None:
        together.wait()
        care.database.run(lambda session: owners.look(session, LIVE, NOW + HOUR))

    clocks = [threading.Thread(target=clock) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert len(care.moves()) == 1
    assert care.contact().climbs == 1


def test_the_database_holds_what_is_open_to_a_due_time_and_to_one_climb_each(care: Care) -> None:
    with pytest.raises(IntegrityError), care.database.transaction() as session:
        session.execute(update(Contact).values(due_at=None))
    with care.database.transaction() as session:
        contact = session.get_one(Contact, care.id)
        follow_ups.hand_on(session, contact, MoveReason.OVERDUE, NOW)
        with pytest.raises(IntegrityError):
            follow_ups.hand_on(session, contact, MoveReason.OVERDUE, NOW)
        session.rollback()


def test_while_others_look_for_a_peer_it_isnt_overdue_and_for_the_coordinator_its_time_begins_anew(
    database: Database,
) -> None:
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        planned = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW, purpose=Purpose.SAFETY)
        checkin = factories.checkin(session, planned, NOW)
        checkins.give_up(session, checkin, CheckinState.UNREACHED, NOW)
    care = Care(database)
    care.coordinator()
    with database.reading() as session:
        care.id = session.scalars(select(Contact.id).where(Contact.checkin_id.is_not(None))).one()
    care.look(NOW)
    late = NOW + 3 * HOUR
    assert care.look(late).overdue_since is None
    care.do(lambda session: escalation_team.ask_coordinator(session, session.scalars(select(Escalation)).one(), late))
    contact = care.look(late)
    assert (contact.overdue_since, contact.due_at) == (None, late + HOUR)
    assert care.look(late + HOUR).overdue_since == late + HOUR


def test_whoever_takes_it_on_has_it_and_time_to_do_it(care: Care) -> None:
    asked, other = care.coordinator(), care.coordinator(HOUR)
    care.look(NOW)
    late = NOW + timedelta(minutes=50)
    care.do(lambda session: alarms.find(session, LIVE, NOW))
    with care.database.reading() as session:
        alarm_id = session.scalars(select(Alarm.id)).one()
    care.do(lambda session: alarms.acknowledge(session, alarm_id, late, person_id=other))
    contact = care.look(late)
    assert (contact.owner_id, contact.due_at) == (other, late + HOUR), "by key 1"
    with care.database.transaction() as session:
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW).id
    care.do(lambda session: owners.give(session, care.id, asked, login, LIVE, late))
    assert care.contact().owner_id == asked
    later = late + timedelta(minutes=30)
    for _ in range(2):
        care.do(lambda session: owners.take(session, care.id, login, LIVE, later))
    contact = care.contact()
    assert (contact.owner_id, contact.owner_account_id, contact.due_at) == (None, login, later + HOUR)
    assert [why for why, _ in care.moves()] == [MoveReason.TAKEN, MoveReason.GIVEN, MoveReason.TAKEN]
    assert care.look(later + HOUR).owner_id == asked, "not done either: to the first on duty"
    care.do(lambda session: owners.take(session, care.id, login, LIVE, later + HOUR))
    assert care.alarms(AlarmState.OPEN) == [], "whoever takes it is called no more"


def test_nobody_is_given_what_is_about_themselves(care: Care) -> None:
    theirs = care.coordinator()
    with care.database.transaction() as session:
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW).id
        session.get_one(Contact, care.id).person_id = theirs
        local = NOW.astimezone(factories.TORONTO).replace(tzinfo=None)
        who = session.get_one(Person, theirs)
        factories.shift(session, who, local - HOUR, local + 3 * HOUR, NOW, duty=Duty.COORDINATOR)
    assert care.look(NOW).owner_id is None, "on duty, and alone"
    with care.database.reading() as session:
        assert not session.scalar(select(owners.is_anything_due(NOW))), "nobody else to give it to"
    other = care.coordinator(HOUR)
    assert care.look(NOW).owner_id == other, "though not on duty"
    assert not care.do(lambda session: owners.give(session, care.id, theirs, login, LIVE, NOW))
    assert care.look(NOW + HOUR).owner_id == other, "nor when it is overdue"


def test_it_is_given_to_coordinators_alone_and_only_while_open(care: Care) -> None:
    one = care.coordinator()
    with care.database.transaction() as session:
        login = accounts.create(session, "ana@example.org", AccountRole.COORDINATOR, "long enough a password", NOW).id
        peer = factories.person(session, now=NOW).id
    assert not care.do(lambda session: owners.give(session, care.id, peer, login, LIVE, NOW))
    care.do(lambda session: follow_ups.finish(session, care.id, NOW))
    assert not care.do(lambda session: owners.give(session, care.id, one, login, LIVE, NOW))
    assert not care.do(lambda session: owners.take(session, care.id, login, LIVE, NOW))
    assert care.moves() == []


def test_opened_anew_it_begins_anew_and_urgent_it_keeps_its_owner(database: Database) -> None:
    care = Care(database, FollowUp.WANTED)
    one = care.coordinator()
    care.look(NOW)
    care.do(lambda session: contacts.want_follow_up(session.get_one(Contact, care.id), FollowUp.URGENT))
    contact = care.look(NOW + HOUR)
    assert (contact.owner_id, contact.due_at) == (one, NOW + 2 * HOUR)
    care.look(NOW + 2 * HOUR)
    care.do(lambda session: follow_ups.finish(session, care.id, NOW))
    assert care.contact().done_at == NOW
    care.do(lambda session: contacts.want_follow_up(session.get_one(Contact, care.id), FollowUp.WANTED))
    contact = care.look(NOW + 3 * HOUR)
    assert (contact.due_at, contact.overdue_since, contact.climbs) == (SATURDAY_18, None, 0)
    assert contact.done_at is None
