"""A caller and a volunteer together: joined, aside, over, and what the volunteer says of it afterwards.

Hold the call's row.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    callbacks,
    checkin_tries,
    checkins,
    contacts,
    escalations,
    handovers,
    last_heard,
    legs,
    offers,
    volunteer_checkins,
)
from phoneline.db import Job, after_commit
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Contact, Handover, Offer
from phoneline.offers import NUDGE_SECONDS
from phoneline.states import (
    CallState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    HandoverResult,
    LegState,
    OfferResult,
    SettledBy,
)

CARRIER_SECOND = timedelta(seconds=1)
"""The carrier tells times in whole seconds: what it dates a little earlier may have been later."""
AFTER_ROOM_SECONDS = 6
"""A volunteer whose room has closed asks by itself what comes next; if not by then, their leg is redirected."""
FETCHED_SECONDS = 1
"""A redirect of the caller's leg reaches the carrier within so long."""
ENDS_WRAP_UP = frozenset(
    {ContactOutcome.FINE, ContactOutcome.FOLLOW_UP, ContactOutcome.WRONG_NUMBER, ContactOutcome.NONE}
)


def taken_offer(session: Session, call: Call) -> Offer | None:
    """The offer whose volunteer has the call now."""
    return session.scalars(
        select(Offer).where(
            Offer.call_id == call.id, Offer.result == OfferResult.ACCEPTED, Offer.conversation_ended_at.is_(None)
        )
    ).one_or_none()


def is_being_fetched(call: Call, now: datetime) -> bool:
    """Whether the carrier is this moment asked to send the caller into the room.

    Had they gone there by themself, the redirect would take them out again, and close the room.
    """
    if call.state is not CallState.CONNECTED or call.nudge_at is None:
        return False
    return call.nudge_at - now > timedelta(seconds=NUDGE_SECONDS - FETCHED_SECONDS)


def caller_joins(session: Session, call: Call, now: datetime) -> None:
    """The caller's leg is sent into the room where the volunteer is."""
    if call.joined_at is None:
        call.joined_at = now
        call.answered_at = call.answered_at or now
        offer = taken_offer(session, call)
        if offer is not None:
            offer.joined_at = offer.joined_at or now
        if call.direction is Direction.OUTBOUND:
            checkins.talked(session, call, now)
            for promised in callbacks.joined(session, call, now):
                checkins.promise_kept(session, promised, call, now)
            if call.person_id is not None and checkin_tries.of_call(session, call) is None:
                escalations.heard_from(session, call.person_id, now)
                last_heard.heard(session, call.person_id, now)


def step_aside(session: Session, call: Call, now: datetime) -> None:
    """The volunteer pressed `*`: the caller leaves the room and hears that it goes on right away."""
    if call.state is CallState.CONNECTED:
        _pause(call, now)
        call.state = CallState.ASIDE
        _nudge(session, call, now)


def go_back(session: Session, call: Call, now: datetime) -> None:
    """The volunteer goes back to the caller, in a room of its own."""
    if call.state is CallState.ASIDE:
        call.state = CallState.CONNECTED
        call.room = legs.new_token()
        _nudge(session, call, now)


def volunteer_left(session: Session, call: Call, offer: Offer, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The volunteer finished, or their leg ended by itself. A caller who is still there gets a choice."""
    if offer.conversation_ended_at is not None:
        return
    never_in_room = call.state is CallState.CONNECTED and call.joined_at is None and not met(offer)
    third = handovers.open_of(session, call)
    _close(session, call, offer, live, at, now)
    if third is not None and call.state is CallState.CONNECTED and handovers.is_in_room(third):
        # The caller isn't left alone.
        call.joined_at = at
    elif third is not None and call.state is CallState.ASIDE and third.answered_at is not None:
        # They have picked up and wait for the caller.
        go_back(session, call, now)
    elif never_in_room:
        # The caller never left the hold loop and goes on waiting: nobody has been there who could have left.
        call.state = CallState.WAITING
        call.nudge_at = None
    elif call.state is CallState.RINGING:
        callbacks.volunteer_gone(session, call, now)
    elif call.state in {CallState.CONNECTED, CallState.ASIDE}:
        _is_left(session, call, now)


def _is_left(session: Session, call: Call, now: datetime) -> None:
    """Nobody is with the caller any more: they get a choice."""
    call.state = CallState.LEFT
    _nudge(session, call, now)


def third_joins(session: Session, call: Call, third: Handover, now: datetime) -> bool:
    """The third party comes into the caller's room. False while the volunteer is out and the caller on hold."""
    if call.state is CallState.ASIDE:
        return False
    if call.state is not CallState.CONNECTED:
        # The volunteer has gone meanwhile; the caller is waiting for somebody, and here they are.
        offers.cancel_open(session, call, now)
        call.state = CallState.CONNECTED
        call.room = legs.new_token()
        _nudge(session, call, now)
    if third.joined_at is None:
        third.joined_at = now
        third.result = HandoverResult.JOINED
        contact = contact_of(session, call, now)
        if contact is not None and contact.handed_over_at is None:
            contact.handed_over_at, contact.handed_over_to = now, third.kind
    return True


def third_left(session: Session, call: Call, third: Handover, at: datetime, now: datetime) -> None:
    """The third party's leg has ended. The caller stays with the volunteer, if there still is one."""
    if third.joined_at is None or call.state is not CallState.CONNECTED:
        return
    if taken_offer(session, call) is None:
        _pause(call, at)
        _is_left(session, call, now)
    elif third.away_at is not None:
        step_aside(session, call, now)


def room_closed(session: Session, call: Call, live: LiveSettings, now: datetime) -> None:
    """The caller came out of the room by themself: whoever was with them is not there any more."""
    offer, third = taken_offer(session, call), handovers.in_room(session, call)
    if call.state is not CallState.CONNECTED:
        return
    if third is not None:
        legs.want_end(session, third.leg, now)
    if offer is not None:
        volunteer_left(session, call, offer, live, now, now)
        fetch_volunteer(session, offer, now)
    else:
        _pause(call, now)
        _is_left(session, call, now)


def caller_left(session: Session, call: Call, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The caller's leg has ended. The volunteer's goes on to the outcome menu."""
    offer, third = taken_offer(session, call), handovers.in_room(session, call)
    handovers.cancel(session, call, now)
    if offer is None:
        _pause(call, at)
        return
    # A volunteer who is not in the room with the caller doesn't notice that it closes.
    elsewhere = call.joined_at is None or (third is not None and third.away_at is not None)
    _close(session, call, offer, live, at, now)
    if elsewhere:
        fetch_volunteer(session, offer, now)
    elif offer.leg.state is not LegState.ENDED:
        offer.nudge_at = now + timedelta(seconds=AFTER_ROOM_SECONDS)


def fetch_volunteer(session: Session, offer: Offer, now: datetime) -> None:
    """Take the volunteer's leg to what comes after the conversation."""
    if offer.leg.state is not LegState.ENDED:
        offer.nudge_at = now + timedelta(seconds=NUDGE_SECONDS)
        after_commit(session, Job("nudge_volunteer", offer.id))


def _close(session: Session, call: Call, offer: Offer, live: LiveSettings, at: datetime, now: datetime) -> None:
    if call.joined_at is not None and at <= call.joined_at - CARRIER_SECOND and call.talk_seconds == 0:
        # The caller was sent into the room, but the volunteer wasn't there any more.
        _never_met(session, call, now)
        call.answered_at = None
        offer.joined_at = None
    if not met(offer) and call.answered_at is None:
        # Whoever pressed 1 and was gone before the caller came has not taken the call.
        call.volunteer_id = None
    _pause(call, at)
    offer.conversation_ended_at = at
    offer.wrap_up_until = at + timedelta(seconds=live.wrap_up_seconds if met(offer) else 0)
    offers.release_if_over(offer, at)


def _never_met(session: Session, call: Call, now: datetime) -> None:
    """The two seemed to be joined and weren't: what that has settled, or was promised, is a person's task."""
    if call.direction is not Direction.OUTBOUND:
        return
    checkins.was_not_them(session, call.id, now)
    escalations.was_not_them(session, call, now)
    promised = callbacks.of_call(session, call)
    contact = callbacks.contact_of(session, promised[1]) if promised is not None else None
    if contact is not None:
        contacts.want_follow_up(contact, FollowUp.WANTED)


def _pause(call: Call, at: datetime) -> None:
    if call.joined_at is not None:
        call.talk_seconds += max(0.0, (at - call.joined_at).total_seconds())
        call.joined_at = None


def _nudge(session: Session, call: Call, now: datetime) -> None:
    call.joined_at = None
    call.nudge_at = now + timedelta(seconds=NUDGE_SECONDS)
    after_commit(session, Job("nudge_call", call.id))


# After the conversation


def met(offer: Offer) -> bool:
    """Whether the volunteer and the caller were together at all."""
    return offer.joined_at is not None


def contact_of(session: Session, call: Call, now: datetime) -> Contact | None:
    """The log's line that a volunteer's outcome belongs to: the call's, the check-in's or the promise's."""
    if call.direction is Direction.INBOUND:
        return contacts.of_call(session, call, ContactKind.CALL, call.started_at)
    promised = callbacks.of_call(session, call)
    if promised is not None:
        return callbacks.contact_of(session, promised[1])
    attempt = checkins.of_call(session, call.id)
    return contacts.of_checkin(session, checkins.locked(session, attempt.checkin_id), now) if attempt else None


def _said_of_later(session: Session, offer: Offer) -> bool:
    """Whether somebody talked with the caller after this volunteer and has said how it was."""
    later = select(Offer.id).where(Offer.call_id == offer.call_id, Offer.id != offer.id, Offer.outcome_at.is_not(None))
    return session.scalars(later.where(Offer.joined_at > offer.joined_at).limit(1)).first() is not None


def volunteer_is_done(session: Session, call: Call, now: datetime) -> None:
    """The volunteer's leg is over, their word said or not: a call that counts settles the day's check-ins.

    Whoever of the two called. And it keeps what a caller was promised before.
    """
    volunteer_checkins.conclude(session, call, now)
    contact = contact_of(session, call, now) if call.answered_at is not None else None
    if contact is None or contact.outcome is ContactOutcome.WRONG_NUMBER:
        return
    called_us = call.direction is Direction.INBOUND
    if called_us:
        callbacks.heard_from(session, call)
    if call.person_id is not None:
        by = SettledBy.INBOUND_CALL if called_us else SettledBy.VOLUNTEER
        checkins.heard_from(session, call.person_id, by, now, call_id=call.id)
        last_heard.heard(session, call.person_id, call.answered_at or now)


def record_outcome(session: Session, call: Call, offer: Offer, outcome: ContactOutcome, now: datetime) -> None:
    """The volunteer's key after a call; the first one holds. All but an urgent one end the wrap-up at once.

    Of several volunteers the word of whoever talked last stands, whenever it is said; a follow-up that any of them
    wants is wanted.
    """
    contact = contact_of(session, call, now)
    if contact is not None and offer.outcome_at is None:
        if contact.outcome is ContactOutcome.NONE or not _said_of_later(session, offer):
            contacts.record_outcome(contact, outcome, offer.volunteer_id)
        contacts.want_follow_up_after(contact, outcome)
        offer.outcome_at = now
        if contact.outcome is ContactOutcome.WRONG_NUMBER:
            checkins.was_not_them(session, call.id, now)
            if call.person_id is not None:
                last_heard.recount(session, call.person_id)
            escalations.was_not_them(session, call, now)
    if outcome in ENDS_WRAP_UP and offer.wrap_up_until is not None:
        offer.wrap_up_until = min(offer.wrap_up_until, now)
    offers.release_if_over(offer, now)
