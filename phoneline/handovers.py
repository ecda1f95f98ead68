"""Bringing a third party into a conversation: the coordinator on duty, or the crisis line. Hold the call's row."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import duty, legs, matching, offers, team
from phoneline.db import Job, after_commit, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Handover, Leg, Offer, Person
from phoneline.states import (
    WINNABLE_CALL_STATES,
    CallState,
    HandoverKind,
    HandoverResult,
    LegEnd,
    LegPurpose,
    LegState,
)

CRISIS_RING_SECONDS = 60
"""An organisation picks up later than a person does."""
RESULT_OF_END = {
    LegEnd.COMPLETED: HandoverResult.NO_ANSWER,  # picked up, but never came into the room
    LegEnd.NO_ANSWER: HandoverResult.NO_ANSWER,
    LegEnd.BUSY: HandoverResult.BUSY,
    LegEnd.FAILED: HandoverResult.FAILED,
    LegEnd.CANCELLED: HandoverResult.CANCELLED,
}
NEEDED_STATES = frozenset({CallState.CONNECTED, CallState.ASIDE, CallState.LEFT}) | WINNABLE_CALL_STATES
"""Where a caller may still be brought together with whoever is being rung for them."""


def open_of(session: Session, call: Call) -> Handover | None:
    """Who is being rung for the call, or is in it."""
    return session.scalars(select(Handover).where(Handover.call_id == call.id, Handover.ended_at.is_(None))).first()


def in_room(session: Session, call: Call) -> Handover | None:
    """The third party who is together with the caller."""
    found = open_of(session, call)
    return found if found is not None and is_in_room(found) else None


def is_in_room(handover: Handover) -> bool:
    return handover.joined_at is not None and handover.ended_at is None and handover.leg.end_wanted_at is None


def is_ringing(session: Session, call: Call) -> bool:
    """Whether somebody is on their way into the call."""
    found = open_of(session, call)
    return found is not None and found.joined_at is None and found.result is None


def last_of(session: Session, offer: Offer) -> Handover | None:
    """The last one that this volunteer had rung."""
    return session.scalars(
        select(Handover)
        .join(Leg, Leg.id == Handover.leg_id)
        .where(Handover.offer_id == offer.id)
        .order_by(Handover.asked_at.desc(), Leg.created_at.desc())
        .limit(1)
    ).first()


def of_leg(session: Session, leg: Leg) -> Handover:
    return session.scalars(select(Handover).where(Handover.leg_id == leg.id)).one()


def whom_to_bring(
    session: Session, call: Call, offer: Offer, live: LiveSettings, now: datetime
) -> Sequence[HandoverKind]:
    """Whom the volunteer of the offer could bring in now."""
    found = []
    if _coordinators(session, call, offer, now):
        found.append(HandoverKind.COORDINATOR)
    if live.home.fallback_number is not None:
        found.append(HandoverKind.CRISIS)
    return found


def _coordinators(session: Session, call: Call, offer: Offer, now: datetime) -> Sequence[str]:
    """The coordinators on duty who are free, neither this volunteer nor the caller nor kept apart from them."""
    never = {offer.volunteer_id, call.person_id, *matching.apart_from(session, call.person_id)}
    ids = [one for one in duty.coordinators_on_duty(session, now) if one not in never]
    if not ids:
        return []
    busy = team.busy(session, ids, now)
    numbers = offers.numbers(session, ids)
    return [one for one in ids if one not in busy and one in numbers]


def bring(
    session: Session,
    call: Call,
    offer: Offer,
    kind: HandoverKind,
    live: LiveSettings,
    now: datetime,
) -> bool:
    """Have somebody rung for the conversation. False if there is nobody."""
    if kind is HandoverKind.COORDINATOR:
        return _ring_next_coordinator(session, call, offer, now, live, now)
    if live.home.fallback_number is None:
        return False
    leg = legs.write_down(session, LegPurpose.HANDOVER, live.home.fallback_number, CRISIS_RING_SECONDS, now)
    return _ring(session, call, offer, kind, None, leg, now)


def _ring_next_coordinator(
    session: Session, call: Call, offer: Offer, asked_at: datetime, live: LiveSettings, now: datetime
) -> bool:
    """Ring the first coordinator who hasn't been tried for this asking. False if there is none."""
    tried = set(
        session.scalars(select(Handover.person_id).where(Handover.call_id == call.id, Handover.asked_at == asked_at))
    )
    for person_id in _coordinators(session, call, offer, now):
        if person_id in tried:
            continue
        # Whoever offers them a call in this instant is waited for, and seen.
        session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        if team.busy(session, [person_id], now):
            continue
        number = offers.numbers(session, [person_id])[person_id]
        leg = legs.write_down(session, LegPurpose.HANDOVER, number, live.offer_ring_seconds, now)
        if _ring(session, call, offer, HandoverKind.COORDINATOR, person_id, leg, asked_at):
            return True
    return False


def _ring(
    session: Session,
    call: Call,
    offer: Offer,
    kind: HandoverKind,
    person_id: str | None,
    leg: Leg,
    asked_at: datetime,
) -> bool:
    """False if another is being rung for this call already, or the coordinator has just been taken by another."""
    made = insert_or_ignore(
        session,
        Handover,
        call_id=call.id,
        offer_id=offer.id,
        leg_id=leg.id,
        kind=kind,
        person_id=person_id,
        asked_at=asked_at,
    )
    if made:
        after_commit(session, Job("place_calls"))
    else:
        session.delete(leg)
    return made


def is_wanted(handover: Handover) -> bool:
    """Whether the third party is still to be rung, or to come in."""
    call, leg = handover.call, handover.leg
    if handover.ended_at is not None or leg.end_wanted_at is not None or leg.state is LegState.ENDED:
        return False
    if handover.joined_at is not None:
        return call.state is CallState.CONNECTED
    # A caller who got the safe document meanwhile has been led elsewhere.
    return handover.result is None and call.state in NEEDED_STATES and call.safe_document_at is None


def decline(handover: Handover) -> None:
    """The coordinator passes; the next one is rung when this leg has ended."""
    if handover.result is None:
        handover.result = HandoverResult.DECLINED


def cancel(session: Session, call: Call, now: datetime) -> None:
    """The caller has gone, or has been promised something else: whoever is rung or there is let go."""
    handover = open_of(session, call)
    if handover is None:
        return
    if handover.result is None:
        handover.result = HandoverResult.CANCELLED
    legs.want_end(session, handover.leg, now)
    if handover.leg.state is LegState.ENDED:
        handover.ended_at = now


def leg_ended(session: Session, handover: Handover, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The third party's leg is over. Where a coordinator didn't come, the next one is rung."""
    if handover.ended_at is not None:
        return
    handover.ended_at = at
    if handover.result is None:
        handover.result = RESULT_OF_END[handover.leg.end or LegEnd.FAILED]
    session.flush()
    call = handover.call
    done = handover.result in {HandoverResult.JOINED, HandoverResult.CANCELLED}
    if handover.kind is HandoverKind.COORDINATOR and not done and call.state in {CallState.CONNECTED, CallState.ASIDE}:
        _ring_next_coordinator(session, call, handover.offer, handover.asked_at, live, now)
