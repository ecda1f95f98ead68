"""Being heard counts: a contact logged by hand settles the day's check-ins; a wrong number doesn't."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from phoneline import accounts, by_hand, checkins, clock, conversations, due_checkins, seen, seen_undo
from phoneline.by_hand import Answer
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Checkin, Contact, Leg, Offer, Person
from phoneline.states import (
    AccountRole,
    AttemptResult,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    LegPurpose,
    LegState,
    OfferResult,
    Purpose,
    Role,
    SettledBy,
)
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTE = "Had coffee, sounded well"


class Peer:
    """Somebody with a safety check-in today and one tomorrow."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            peer = factories.person(session, now=NOW)
            local = (NOW + HOUR).replace(tzinfo=None)
            planned = factories.plan(session, peer, local, NOW, purpose=Purpose.SAFETY)
            self.today = factories.checkin(session, planned, NOW + HOUR).id
            self.tomorrow = factories.checkin(session, planned, NOW + HOUR + DAY).id
            self.id = peer.id

    def stands(self) -> list[tuple[CheckinState, SettledBy | None]]:
        with self.database.reading() as session:
            found = (session.get_one(Checkin, one) for one in (self.today, self.tomorrow))
            return [(one.state, one.settled_by) for one in found]

    def rings(self) -> str:
        """Today's attempt is under way; its leg."""
        with self.database.transaction() as session:
            placed = {"state": LegState.PLACED, "carrier_sid": f"CA{'1' * 32}"}
            leg = factories.leg(session, NOW, purpose=LegPurpose.CHECKIN, **placed)
            given = {"direction": Direction.OUTBOUND, "state": CallState.CHECKIN, "carrier_sid": None}
            call = factories.call(session, NOW, person_id=self.id, leg_id=leg.id, **given)
            checkin = session.get_one(Checkin, self.today)
            factories.attempt(session, checkin, call, NOW)
            checkin.state = CheckinState.CALLING
            return leg.id


@pytest.fixture
def peer(database: Database) -> Peer:
    return Peer(database)


DUE, TALKED = (CheckinState.DUE, None), (CheckinState.TALKED, SettledBy.COORDINATOR)


@pytest.mark.parametrize(("earlier", "today"), [(timedelta(), TALKED), (2 * HOUR, TALKED), (DAY, DUE)])
def test_seen_by_somebody_the_check_ins_of_that_day_are_settled(
    peer: Peer, earlier: timedelta, today: tuple[CheckinState, SettledBy | None]
) -> None:
    with peer.database.transaction() as session:
        seen.log_contact(session, peer.id, ContactKind.IN_PERSON, NOW, note=NOTE, at=NOW - earlier)
    assert peer.stands() == [today, DUE]
    with peer.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        about = (contact.kind, contact.outcome, contact.follow_up, contact.by_hand, contact.note)
        assert about == (ContactKind.IN_PERSON, ContactOutcome.FINE, FollowUp.NONE, True, NOTE)
        assert "coffee" not in session.execute(text("select note from contact")).scalar_one(), "encrypted at rest"


def test_what_rings_for_it_is_ended_and_not_dialled_again(peer: Peer) -> None:
    leg_id = peer.rings()
    with peer.database.transaction() as session:
        seen.log_contact(session, peer.id, ContactKind.CALL, NOW, outcome=ContactOutcome.URGENT)
    assert peer.stands() == [TALKED, DUE]
    with peer.database.reading() as session:
        assert session.get_one(Leg, leg_id).end_wanted_at == NOW
        (attempt,) = session.get_one(Checkin, peer.today).attempts
        assert attempt.result is AttemptResult.CANCELLED
        contact = session.scalars(select(Contact).filter_by(kind=ContactKind.CALL)).one()
        assert contact.follow_up is FollowUp.URGENT


@pytest.mark.parametrize(
    ("kind", "outcome", "later"),
    [
        (ContactKind.SMS, ContactOutcome.FINE, timedelta()),
        (ContactKind.CALL, ContactOutcome.WRONG_NUMBER, timedelta()),
        (ContactKind.CALL, ContactOutcome.FINE, HOUR),
    ],
)
def test_only_what_somebody_saw_or_heard_can_be_logged(
    peer: Peer, kind: ContactKind, outcome: ContactOutcome, later: timedelta
) -> None:
    with pytest.raises(ValueError, match="by hand"), peer.database.transaction() as session:
        seen.log_contact(session, peer.id, kind, NOW, outcome=outcome, at=NOW + later)
    assert peer.stands() == [DUE, DUE]


def called_in(peer: Peer) -> tuple[str, str]:
    """They called and talked with a volunteer, whose telephone was gone before a key: the call and the offer."""
    with peer.database.transaction() as session:
        volunteer: Person = factories.person(session, Role.VOLUNTEER, now=NOW)
        about = {"person_id": peer.id, "state": CallState.ENDED, "answered_at": NOW, "volunteer_id": volunteer.id}
        call = factories.call(session, NOW, **about)
        offer = factories.offer(session, call, volunteer, NOW, OfferResult.ACCEPTED)
        offer.joined_at = NOW
        conversations.volunteer_is_done(session, call, NOW)
        return call.id, offer.id


def test_a_call_that_turns_out_to_have_been_somebody_else_becomes_a_persons_task(peer: Peer) -> None:
    call_id, offer_id = called_in(peer)
    assert peer.stands() == [(CheckinState.TALKED, SettledBy.INBOUND_CALL), DUE]
    with peer.database.transaction() as session:
        call, offer = session.get_one(Call, call_id), session.get_one(Offer, offer_id)
        conversations.record_outcome(session, call, offer, ContactOutcome.WRONG_NUMBER, NOW + HOUR)
    assert peer.stands() == [(CheckinState.TALKED, SettledBy.INBOUND_CALL), DUE], "final states stay"
    with peer.database.reading() as session:
        task = session.scalars(select(Contact).filter_by(checkin_id=peer.today)).one()
        assert task.follow_up is FollowUp.URGENT
    other = Peer(peer.database)
    call_id, offer_id = called_in(other)
    with other.database.transaction() as session:
        call, offer = session.get_one(Call, call_id), session.get_one(Offer, offer_id)
        conversations.record_outcome(session, call, offer, ContactOutcome.FINE, NOW + HOUR)
    with other.database.reading() as session:
        assert session.scalars(select(Contact).filter_by(checkin_id=other.today)).all() == []


def test_taken_back_while_the_carrier_hangs_up_they_are_called_again_once_and_later(
    scene: Scene, carrier: Carrier
) -> None:
    called, live, now = scene.called_peer(purpose=Purpose.SAFETY), LiveSettings(), clock.now()
    with scene.database.transaction() as session:
        account_id = accounts.create(session, "ana@example.org", AccountRole.ADMIN, "long enough a password", now).id
        assert by_hand.heard(session, called.checkin_id, ContactKind.CALL, account_id, now) is Answer.HEARD
    with scene.database.transaction() as session:
        taken_back = seen_undo.of_checkin(session, called.checkin_id, account_id, live, now)
        assert taken_back is Answer.UNHEARD
        assert due_checkins.begin_attempt(session, live, live.home.zone, now) is None, "it rings still"
    for _ in range(2):
        carrier.ask(f"/webhooks/legs/{called.leg_token}/status", called.call.sid, CallStatus="completed")
    checkin = scene.checkin(called.checkin_id)
    assert (checkin.state, checkin.attempts_used) == (CheckinState.WAITING, 1)
    with scene.database.transaction() as session:
        assert due_checkins.begin_attempt(session, live, live.home.zone, clock.now()) is None, "not yet"


@pytest.mark.parametrize("state", [CallState.GREETING, CallState.WAITING, CallState.MESSAGE])
def test_ringing_waiting_and_hanging_up_prove_nothing(peer: Peer, state: CallState) -> None:
    with peer.database.transaction() as session:
        call = factories.call(session, NOW, person_id=peer.id, state=state)
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
        factories.offer(session, call, volunteer, NOW, OfferResult.ACCEPTED)
        conversations.volunteer_is_done(session, call, NOW)
    assert peer.stands() == [DUE, DUE]
    with peer.database.transaction() as session:
        assert not checkins.heard_from(session, peer.id, SettledBy.SMS, NOW), "a text settles social ones alone"
    assert peer.stands() == [DUE, DUE]


def test_whoever_asked_to_talk_and_was_somebody_else_becomes_a_persons_task(scene: Scene, carrier: Carrier) -> None:
    called = scene.called_peer(purpose=Purpose.SAFETY)
    scene.volunteer()
    carrier.ask(called.at("who-key/1"), called.call.sid, Digits="0")
    ringing = scene.ringing(called.call)
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    carrier.ask(called.call.at("next"), called.call.sid)
    carrier.ask(f"/webhooks/legs/{called.leg_token}/status", called.call.sid, CallStatus="completed")
    assert scene.checkin(called.checkin_id).state is CheckinState.TALKED
    carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits="4")
    assert scene.contacts(called.call) == [("checkin", "wrong_number", "urgent")]
