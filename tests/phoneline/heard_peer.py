"""Somebody who is to be called today, and a coordinator who presses "Heard", and takes that back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import by_hand, checkins, contacts, conversations, due_checkins, seen, seen_undo
from phoneline.by_hand import Answer
from phoneline.db import Database
from phoneline.escalation_states import EscalationStep
from phoneline.live_settings import LiveSettings
from phoneline.models import Account, Call, CallbackTry, Checkin, Contact, Person
from phoneline.states import (
    AccountRole,
    CallbackState,
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
    Purpose,
    Role,
    SettledBy,
)
from tests import factories

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVE = LiveSettings()


class Peer:
    """Somebody with a safety check-in in an hour, of whom was last heard three days ago; two were missed since."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            peer = factories.person(session, now=NOW - 3 * DAY, checkins_missed=2)
            factories.consent(session, peer, NOW - 3 * DAY)
            planned = factories.plan(session, peer, (NOW + HOUR).replace(tzinfo=None), NOW, purpose=Purpose.SAFETY)
            self.checkin_id, self.id = factories.checkin(session, planned, NOW + HOUR).id, peer.id
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


def called_in(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
        about = {"person_id": peer.id, "state": CallState.ENDED, "answered_at": at, "ended_at": at + MINUTE}
        call = factories.call(session, at, volunteer_id=volunteer.id, **about)
        factories.offer(session, call, volunteer, at, OfferResult.ACCEPTED).joined_at = at
        conversations.volunteer_is_done(session, call, at + MINUTE)


def called_back(peer: Peer, at: datetime) -> None:
    """The call that they were promised the day before."""
    with peer.database.transaction() as session:
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
        asked = factories.call(session, NOW - DAY, person_id=peer.id, state=CallState.ENDED)
        factories.contact(session, NOW - DAY, kind=ContactKind.CALLBACK, person_id=peer.id, call_id=asked.id)
        promised = factories.callback(session, asked, NOW - DAY, state=CallbackState.JOINED)
        about = {"person_id": peer.id, "state": CallState.ENDED, "answered_at": at, "ended_at": at + MINUTE}
        about |= {"direction": Direction.OUTBOUND, "carrier_sid": None, "volunteer_id": volunteer.id}
        call = factories.call(session, at, **about)
        key = {"call_id": call.id, "number_hash": promised.number_hash, "began_at": at, "over_at": at + MINUTE}
        session.add(CallbackTry(callback_id=promised.id, **key))
        session.flush()
        conversations.volunteer_is_done(session, call, at + MINUTE)


def texted(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        factories.contact(session, at, kind=ContactKind.SMS, person_id=peer.id)


def met(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        seen.log_contact(session, peer.id, ContactKind.IN_PERSON, at)


def met_last_week(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        seen.log_contact(session, peer.id, ContactKind.IN_PERSON, at, at=at - 7 * DAY)


def somebody_else_called(peer: Peer, at: datetime) -> None:
    called_in(peer, at)
    _was_wrong(peer)


def somebody_else_was_called_back(peer: Peer, at: datetime) -> None:
    called_back(peer, at)
    _was_wrong(peer)


def _was_wrong(peer: Peer) -> None:
    with peer.database.transaction() as session:
        of_calls = select(Contact).where(Contact.person_id == peer.id, Contact.call_id.is_not(None))
        session.scalars(of_calls).one().outcome = ContactOutcome.WRONG_NUMBER


def ok_in_another(peer: Peer, at: datetime) -> None:
    with peer.database.transaction() as session:
        plan = session.get_one(Checkin, peer.checkin_id).plan
        by_key = {"state": CheckinState.OK, "settled_by": SettledBy.KEYPAD, "settled_at": at}
        other = factories.checkin(session, plan, at, **by_key)
        contacts.of_checkin(session, other, at).outcome = ContactOutcome.FINE


def climbs(peer: Peer, step: EscalationStep | None) -> str:
    """Yesterday's check-in reached nobody."""
    with peer.database.transaction() as session:
        plan = session.get_one(Checkin, peer.checkin_id).plan
        lost = factories.checkin(session, plan, NOW - HOUR, state=CheckinState.UNREACHED)
        ladder = factories.escalation(session, lost, NOW - MINUTE, step=step)
        contacts.want_follow_up(contacts.of_checkin(session, lost, NOW - MINUTE), FollowUp.URGENT)
        return ladder.id
