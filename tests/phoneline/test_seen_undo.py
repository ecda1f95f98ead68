"""A contact written down by hand is taken back: everything is as it was, or the answer says why it isn't."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    checkins,
    contacts,
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
from phoneline.models import (
    AccessLog,
    Attempt,
    Call,
    Checkin,
    CheckinTry,
    Contact,
    Escalation,
    HandContact,
    HandSettled,
    Person,
)
from phoneline.states import (
    AccessAction,
    CheckinState,
    ContactKind,
    ContactOutcome,
    FollowUp,
    PlanAuthor,
    PlanKind,
    Purpose,
    Role,
    SettledBy,
)
from tests import factories
from tests.databases import ONE_KIND
from tests.phoneline.heard_peer import (
    DAY,
    HOUR,
    LIVE,
    MINUTE,
    NOW,
    Peer,
    called_back,
    called_in,
    climbs,
    hangs_up,
    met,
    met_last_week,
    ok_in_another,
    rings,
    somebody_else_called,
    somebody_else_was_called_back,
    texted,
)


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


@ONE_KIND
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


@ONE_KIND
def test_whoever_said_ok_while_the_call_was_being_ended_is_not_called_again(peer: Peer) -> None:
    ladder_id = climbs(peer, None)
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
        assert session.get_one(Escalation, ladder_id).state is EscalationState.OVER
        line = session.scalars(select(Contact).filter_by(checkin_id=peer.checkin_id)).one()
        assert (line.outcome, line.follow_up) == (ContactOutcome.FINE, FollowUp.NONE)


# What happened between


@ONE_KIND
@pytest.mark.parametrize(
    ("what", "purpose", "after", "stands"),
    [
        (called_in, Purpose.SAFETY, MINUTE, (CheckinState.TALKED, SettledBy.INBOUND_CALL)),
        (called_back, Purpose.SAFETY, MINUTE, (CheckinState.TALKED, SettledBy.VOLUNTEER)),
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
    if what in {called_in, called_back} and after == MINUTE:
        with peer.database.reading() as session:
            checkin = session.get_one(Checkin, peer.checkin_id)
            assert (
                checkin.settled_call_id == session.scalars(select(Call.id).where(Call.answered_at.is_not(None))).one()
            )


@ONE_KIND
@pytest.mark.parametrize(
    "what", [texted, met_last_week, somebody_else_called, somebody_else_was_called_back, ok_in_another]
)
def test_what_would_not_have_settled_a_safety_check_in_does_not_now(
    peer: Peer, what: Callable[[Peer, datetime], None]
) -> None:
    ladder_id = climbs(peer, None)
    peer.heard()
    what(peer, NOW + MINUTE)
    peer.unheard(NOW + 2 * MINUTE)
    assert peer.state() == (CheckinState.DUE, None)
    with peer.database.reading() as session:
        over = session.get_one(Escalation, ladder_id).state is EscalationState.OVER
    assert over is (what is ok_in_another), "a key says that they are well; a text doesn't prove whose it is"


@ONE_KIND
@pytest.mark.parametrize("still_asked", [True, False])
def test_a_check_in_by_a_volunteer_is_offered_again_unless_somebody_is_asked_still(
    peer: Peer, *, still_asked: bool
) -> None:
    def asked(session: Session, checkin: Checkin) -> None:
        checkin.kind = checkin.plan.kind = PlanKind.VOLUNTEER
        checkin.dial_after = due_checkins.deadline(checkin, LIVE)
        factories.checkin_try(session, checkin, factories.person(session, Role.VOLUNTEER, now=NOW), NOW)

    peer.do(asked)
    peer.heard()
    if not still_asked:
        peer.do(lambda session, _: setattr(session.scalars(select(CheckinTry)).one(), "over_at", NOW))
    assert peer.unheard() is Answer.UNHEARD
    with peer.database.reading() as session:
        checkin = session.get_one(Checkin, peer.checkin_id)
        again = due_checkins.deadline(checkin, LIVE) if still_asked else checkin.attempt_due_at
        assert checkin.dial_after == again


@ONE_KIND
def test_when_somebody_was_last_heard_of_is_right_in_whichever_order_slips_are_taken_back(peer: Peer) -> None:
    before = peer.stands()[-2:]
    first, second = (_met_at(peer, NOW + n * MINUTE) for n in (1, 2))
    for contact_id in (first, second):
        with peer.database.transaction() as session:
            seen_undo.take_back(session, contact_id, peer.account_id, LIVE, NOW + HOUR)
    assert peer.stands()[-2:] == before


@ONE_KIND
def test_of_two_asked_to_call_somebody_one_is_enough(peer: Peer) -> None:
    peer.do(lambda session, _: outreach.ask(session, peer.id, peer.account_id, NOW))
    peer.heard()
    peer.do(lambda session, _: outreach.ask(session, peer.id, peer.account_id, NOW + MINUTE))
    assert peer.unheard() is Answer.UNHEARD
    assert sorted(peer.contacts()) == [(ContactKind.OUTREACH, FollowUp.DONE), (ContactKind.OUTREACH, FollowUp.WANTED)]


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
    ladder_id, given = climbs(peer, step), NOW - MINUTE
    peer.do(lambda session, _: setattr(session.scalars(select(Contact)).one(), "given_at", given))
    peer.heard()
    with peer.database.transaction() as session:
        assert session.get_one(Escalation, ladder_id).over_how is EscalationEnd.HEARD
        due_escalations.look(session, LIVE, NOW)
    assert peer.unheard() is answer
    with peer.database.transaction() as session:
        assert session.get_one(Escalation, ladder_id).state is state
        task = session.scalars(select(Contact).filter_by(kind=ContactKind.CHECKIN)).one()
        assert (task.follow_up, task.done_at) == (FollowUp.URGENT, None)
        assert task.given_at == (given if step is None else None), "a person's task has its time from now on"
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
