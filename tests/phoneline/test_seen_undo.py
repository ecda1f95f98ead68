"""A contact written down by hand is taken back: everything is as it was, or the answer says why it isn't."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    by_hand,
    checkins,
    contacts,
    conversations,
    due_checkins,
    due_escalations,
    erasing_rows,
    follow_ups,
    outreach,
    owners,
    people,
    plans,
    retention,
    seen,
    seen_undo,
)
from phoneline.by_hand import Answer
from phoneline.db import Database
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    Account,
    Attempt,
    Call,
    Checkin,
    Contact,
    Escalation,
    HandContact,
    HandSettled,
    Person,
)
from phoneline.states import (
    AccessAction,
    AccountRole,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    LegEnd,
    LegPurpose,
    LegState,
    OfferResult,
    PlanAuthor,
    Purpose,
    Role,
    SettledBy,
)
from tests import factories
from tests.databases import ONE_KIND

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVE = LiveSettings()
NOON = NOW.replace(hour=17, minute=0)


class Peer:
    """Somebody with a safety check-in in an hour, of whom was last heard three days ago; two were missed since."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            peer = factories.person(session, now=NOW - 3 * DAY, checkins_missed=2)
            factories.consent(session, peer, NOW - 3 * DAY)
            planned = factories.plan(session, peer, (NOW + HOUR).replace(tzinfo=None), NOW, purpose=Purpose.SAFETY)
            self.checkin_id, self.id, self.plan_id = (
                factories.checkin(session, planned, NOW + HOUR).id,
                peer.id,
                planned.id,
            )
            email = f"{peer.id}@example.org"
            given = {"email_hash": email, "password_hash": factories.quick_hash("a password"), "created_at": NOW}
            account = Account(email=email, role=AccountRole.COORDINATOR, **given)
            session.add(account)
            session.flush()
            self.account_id = account.id

    def do(self, work: Callable[[Session, Checkin], object]) -> None:
        with self.database.transaction() as session:
            work(session, session.get_one(Checkin, self.checkin_id))

    def heard(self, at: datetime = NOW) -> None:
        with self.database.transaction() as session:
            answer = by_hand.heard(session, self.checkin_id, ContactKind.CALL, self.account_id, at)
            assert answer is Answer.HEARD

    def unheard(self, at: datetime = NOW + MINUTE) -> Answer:
        with self.database.transaction() as session:
            return seen_undo.of_checkin(session, self.checkin_id, self.account_id, LIVE, at)

    def stands(self) -> tuple[object, ...]:
        """The check-in and the person, as the line goes by them."""
        with self.database.reading() as session:
            one, person = session.get_one(Checkin, self.checkin_id), session.get_one(Person, self.id)
            settled = one.settled_by, one.settled_at, one.settled_call_id
            times = one.attempt_due_at, one.dial_after, one.hands_off_at
            return (
                one.state,
                one.reason,
                settled,
                times,
                one.attempts_used,
                person.last_heard_at,
                person.checkins_missed,
            )

    def state(self) -> tuple[CheckinState, SettledBy | None]:
        with self.database.reading() as session:
            one = session.get_one(Checkin, self.checkin_id)
            return one.state, one.settled_by

    def contacts(self) -> list[tuple[ContactKind, FollowUp]]:
        with self.database.reading() as session:
            theirs = session.scalars(select(Contact).where(Contact.person_id == self.id).order_by(Contact.at)).all()
            return [(one.kind, one.follow_up) for one in theirs]

    def expires(self, at: datetime) -> None:
        """The clock finds it too late."""
        with self.database.transaction() as session:
            due_checkins.hold_or_expire(session, LIVE, LIVE.home.zone, at)


@pytest.fixture
def peer(database: Database) -> Peer:
    return Peer(database)


def test_all_is_as_it_was_and_who_did_it_stays(peer: Peer) -> None:
    before = peer.stands()
    peer.heard()
    assert peer.unheard() is Answer.UNHEARD
    assert (peer.stands(), peer.contacts()) == (before, [])
    with peer.database.reading() as session:
        assert not session.scalars(select(HandContact)).all()
        assert not session.scalars(select(HandSettled)).all()
        rows = session.execute(select(AccessLog.action, AccessLog.about_id, AccessLog.checkin_id)).all()
    assert {tuple(row) for row in rows} == {
        (AccessAction.CHECKIN_HEARD, None, peer.checkin_id),
        (AccessAction.CHECKIN_UNHEARD, None, peer.checkin_id),
        (AccessAction.CONTACT_TAKEN_BACK, peer.id, None),
    }
    assert peer.unheard() is Answer.NOT_ANY_MORE
    peer.heard()
    assert peer.unheard() is Answer.UNHEARD, "as often as it is needed"


def test_of_two_who_take_it_back_at_once_one_does(peer: Peer) -> None:
    peer.heard()
    ready = Barrier(2)

    def take_back(_: int) -> Answer:
        ready.wait(10)
        work = lambda session: seen_undo.of_checkin(session, peer.checkin_id, peer.account_id, LIVE, NOW)  # noqa: E731 - run twice at most
        return peer.database.run(work)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take_back, range(2))) == [Answer.NOT_ANY_MORE, Answer.UNHEARD]


def test_what_was_wanted_done_or_asked_for_is_open_again_as_it_was(peer: Peer) -> None:
    def wanted(session: Session, checkin: Checkin) -> None:
        checkin.state, checkin.hands_off_at, checkin.attempts_used = CheckinState.WAITING, NOW, 1
        promise = contacts.of_checkin(session, checkin, NOW - MINUTE)
        promise.follow_up, promise.due_at, promise.given_at = FollowUp.URGENT, NOW + HOUR, NOW - MINUTE
        outreach.ask(session, peer.id, peer.account_id, NOW)

    peer.do(wanted)
    before = peer.stands(), sorted(peer.contacts())
    peer.heard()
    assert {follow_up for _, follow_up in peer.contacts()} == {FollowUp.DONE, FollowUp.NONE}
    assert peer.unheard() is Answer.UNHEARD
    assert (peer.stands(), sorted(peer.contacts())) == before
    with peer.database.reading() as session:
        promise = session.scalars(select(Contact).filter_by(kind=ContactKind.CHECKIN)).one()
        assert (promise.due_at, promise.given_at, promise.done_at) == (NOW + HOUR, NOW - MINUTE, None)


# What was ringing


def rings(peer: Peer, **given: object) -> None:
    """An attempt is under way."""

    def ring(session: Session, checkin: Checkin) -> None:
        placed = {"state": LegState.PLACED, "carrier_sid": f"CA{'1' * 32}", "dialled_at": NOW}
        leg = factories.leg(session, NOW, purpose=LegPurpose.CHECKIN, **placed)
        about = {"direction": Direction.OUTBOUND, "state": CallState.CHECKIN, "carrier_sid": None}
        call = factories.call(session, NOW, person_id=peer.id, leg_id=leg.id, **about)
        factories.attempt(session, checkin, call, NOW, **given)
        checkin.state = CheckinState.CALLING

    peer.do(ring)


def hangs_up(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        call = session.scalars(select(Call)).one()
        checkins.attempt_over(session, call, LegEnd.CANCELLED, LIVE, at, at)


@pytest.mark.parametrize("leg_ends_first", [True, False])
def test_a_call_that_was_ended_for_it_was_an_attempt_and_is_not_rung_twice(peer: Peer, *, leg_ends_first: bool) -> None:
    rings(peer)
    peer.heard()
    ended = NOW + 2 * timedelta(seconds=1)
    if leg_ends_first:
        hangs_up(peer, ended)
    assert peer.unheard() is Answer.UNHEARD
    if not leg_ends_first:
        assert peer.state() == (CheckinState.CALLING, None), "till its leg is over nobody is rung"
        hangs_up(peer, ended)
    with peer.database.reading() as session:
        checkin = session.get_one(Checkin, peer.checkin_id)
        again = ended + timedelta(seconds=LIVE.checkin_retry_seconds)
        assert (checkin.state, checkin.attempts_used) == (CheckinState.WAITING, 1)
        assert checkin.attempt_due_at == checkin.dial_after == again


def test_whoever_said_ok_while_the_call_was_being_ended_is_not_called_again(peer: Peer) -> None:
    rings(peer)
    peer.heard()
    with peer.database.transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.pressed_at = NOW
        checkins.said_ok(session, attempt, NOW + timedelta(seconds=1))
    assert peer.state() == (CheckinState.TALKED, SettledBy.COORDINATOR)
    assert peer.unheard() is Answer.UNHEARD_SINCE
    assert peer.state() == (CheckinState.OK, SettledBy.KEYPAD)
    with peer.database.reading() as session:
        person = session.get_one(Person, peer.id)
        assert (person.last_heard_at, person.checkins_missed) == (NOW + timedelta(seconds=1), 0)


# What happened between


def called_in(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
        about = {"person_id": peer.id, "state": CallState.ENDED, "answered_at": at, "ended_at": at + MINUTE}
        call = factories.call(session, at, volunteer_id=volunteer.id, **about)
        factories.offer(session, call, volunteer, at, OfferResult.ACCEPTED).joined_at = at
        conversations.volunteer_is_done(session, call, at + MINUTE)


def texted(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        factories.contact(session, at, kind=ContactKind.SMS, person_id=peer.id)


def met(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        seen.log_contact(session, peer.id, ContactKind.IN_PERSON, at)


@ONE_KIND
@pytest.mark.parametrize(
    ("what", "purpose", "after", "stands"),
    [
        (called_in, Purpose.SAFETY, MINUTE, (CheckinState.TALKED, SettledBy.INBOUND_CALL)),
        (met, Purpose.SAFETY, MINUTE, (CheckinState.TALKED, SettledBy.COORDINATOR)),
        (texted, Purpose.SOCIAL, MINUTE, (CheckinState.OK, SettledBy.SMS)),
        (called_in, Purpose.SAFETY, DAY, (CheckinState.EXPIRED, None)),
    ],
)
def test_who_was_heard_from_otherwise_since_is_not_called(
    peer: Peer,
    what: Callable[[Peer, datetime], None],
    purpose: Purpose,
    after: timedelta,
    stands: tuple[CheckinState, SettledBy | None],
) -> None:
    peer.do(lambda _, checkin: setattr(checkin, "purpose", purpose))
    peer.heard()
    what(peer, NOW + after)
    assert peer.unheard(NOW + after + HOUR) is Answer.UNHEARD_SINCE
    assert peer.state() == stands
    assert not any(follow_up in follow_ups.OPEN for _, follow_up in peer.contacts())


@ONE_KIND
def test_a_text_is_not_enough_for_a_safety_check_in(peer: Peer) -> None:
    peer.heard()
    texted(peer, NOW + MINUTE)
    assert (peer.unheard(), peer.state()) == (Answer.UNHEARD, (CheckinState.DUE, None))


@ONE_KIND
def test_when_somebody_was_last_heard_of_is_right_in_whichever_order_slips_are_taken_back(peer: Peer) -> None:
    before = peer.stands()[-2:]
    first, second = (_met_at(peer, NOW + n * MINUTE) for n in (1, 2))
    for contact_id in (first, second):
        with peer.database.transaction() as session:
            seen_undo.take_back(session, contact_id, peer.account_id, LIVE, NOW + HOUR)
    assert peer.stands()[-2:] == before


def _met_at(peer: Peer, at: datetime) -> str:
    with peer.database.transaction() as session:
        return seen.log_contact(session, peer.id, ContactKind.IN_PERSON, at).id


@ONE_KIND
def test_too_late_to_call_it_becomes_somebodys_task(peer: Peer) -> None:
    peer.heard()
    late = NOW + 2 * HOUR + MINUTE
    assert peer.unheard(late) is Answer.UNHEARD_LATE
    peer.expires(late)
    assert peer.state() == (CheckinState.EXPIRED, None)
    assert peer.contacts() == [(ContactKind.CHECKIN, FollowUp.URGENT)]


@ONE_KIND
@pytest.mark.parametrize("how", ["said no", "plan ended"])
def test_whoever_wants_no_such_calls_any_more_is_not_called(peer: Peer, how: str) -> None:
    peer.heard()

    def stop(session: Session, checkin: Checkin) -> None:
        if how == "said no":
            people.withdraw_consent(session, peer.id, people.KEY_9, NOW)
        else:
            plans.end(session, checkin.plan, PlanAuthor.COORDINATOR, NOW)

    peer.do(stop)
    assert (peer.unheard(), peer.state()) == (Answer.UNHEARD_STOPPED, (CheckinState.SKIPPED, None))


# Ladders, and follow-ups that somebody took up


def climbs(peer: Peer, step: EscalationStep | None) -> str:
    """Yesterday's check-in reached nobody."""
    with peer.database.transaction() as session:
        plan = session.get_one(Checkin, peer.checkin_id).plan
        lost = factories.checkin(session, plan, NOW - HOUR, state=CheckinState.UNREACHED)
        ladder = factories.escalation(session, lost, NOW - MINUTE, step=step)
        contacts.want_follow_up(contacts.of_checkin(session, lost, NOW - MINUTE), FollowUp.URGENT)
        return ladder.id


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        (None, Answer.UNHEARD, EscalationState.CLIMBING),
        (EscalationStep.VOLUNTEER, Answer.UNHEARD_LADDER, EscalationState.OVER),
    ],
)
def test_a_ladder_goes_on_if_nobody_was_asked_and_else_is_a_persons_task(
    peer: Peer, step: EscalationStep | None, answer: Answer, state: EscalationState
) -> None:
    ladder_id = climbs(peer, step)
    peer.heard()
    with peer.database.transaction() as session:
        assert session.get_one(Escalation, ladder_id).over_how is EscalationEnd.HEARD
        due_escalations.look(session, LIVE, NOW)
    assert peer.unheard() is answer
    with peer.database.transaction() as session:
        assert session.get_one(Escalation, ladder_id).state is state
        task = session.scalars(select(Contact).filter_by(kind=ContactKind.CHECKIN)).one()
        assert (task.follow_up, task.done_at) == (FollowUp.URGENT, None)
        due_escalations.look(session, LIVE, NOW + MINUTE)
        assert session.get_one(Escalation, ladder_id).state is state, "the clock leaves it so"


@ONE_KIND
def test_of_whom_was_heard_since_no_ladder_goes_on(peer: Peer) -> None:
    ladder_id = climbs(peer, None)
    peer.heard()
    called_in(peer, NOW + MINUTE)
    assert peer.unheard(NOW + HOUR) is Answer.UNHEARD_SINCE
    with peer.database.reading() as session:
        assert session.get_one(Escalation, ladder_id).state is EscalationState.OVER
    assert (ContactKind.CHECKIN, FollowUp.DONE) in peer.contacts()


@ONE_KIND
def test_what_somebody_has_taken_up_is_not_taken_from_under_them(peer: Peer) -> None:
    with peer.database.transaction() as session:
        wanted = seen.log_contact(session, peer.id, ContactKind.CALL, NOW, outcome=ContactOutcome.URGENT).id
        owners.look(session, LIVE, NOW)
    other = Peer(peer.database)
    with peer.database.transaction() as session:
        assert owners.take(session, wanted, other.account_id, LIVE, NOW)
    before = peer.stands(), peer.contacts()
    assert peer.unheard() is Answer.TAKEN_UP
    assert (peer.stands(), peer.contacts()) == before


@ONE_KIND
@pytest.mark.parametrize("gone", ["a week", "forgotten", "erased"])
def test_after_a_while_it_stays(peer: Peer, gone: str) -> None:
    peer.heard()
    at = NOW + (seen_undo.LATELY if gone == "a week" else MINUTE)
    with peer.database.transaction() as session:
        if gone == "forgotten":
            (notes,) = (rule for rule in retention.RULES if rule.name == "notes")
            assert notes.forget(session, NOW + DAY) == 1
        if gone == "erased":
            theirs = select(Contact.id).where(Contact.person_id == peer.id)
            erasing_rows.forget_contacts(session, theirs, None, NOW)
    assert peer.unheard(at) is Answer.NOT_ANY_MORE
    assert peer.state() == (CheckinState.TALKED, SettledBy.COORDINATOR)
