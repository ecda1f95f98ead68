"""Hours for hours: somebody offers some of theirs in return, and both change hands at once or not at all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, cover_notices, cover_rows
from phoneline.assignments import Move
from phoneline.cover_states import CoverState, SwapState
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours, SwapOffer
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal
from phoneline.shift_refusals import refusal


def offer_swap(
    session: Session, request_id: str, person: Person, hours_id: str, live: LiveSettings, now: datetime
) -> SwapOffer | Refusal:
    """Offer hours of one's own for those that somebody gives away. Refused where either couldn't have the other's.

    The same offer again is the same offer.
    """
    cover_rows.in_turn(session)
    request = cover_rows.held(session, request_id)
    hours = session.get(ShiftHours, hours_id, populate_existing=True)
    if request is None or request.state is not CoverState.OPEN:
        return Refusal.FULL
    if hours is None or hours.off or min(hours.starts_at, request.hours.starts_at) <= now:
        return Refusal.PAST
    if hours.person_id != person.id or request.from_id == person.id:
        return Refusal.FULL
    both = {hours.id, request.hours_id}
    for who, gets in ((person, request.hours), (request.giver, hours)):
        refused = refusal(session, who, gets.starts_at, gets.ends_at, live, now, both)
        if refused is not None:
            return refused
    offered = select(SwapOffer).where(SwapOffer.request_id == request_id, SwapOffer.hours_id == hours_id)
    offer = session.scalars(offered).one_or_none()
    if offer is not None and offer.state is SwapState.OPEN:
        return offer
    number = cover_rows.free_number(session, now)
    offer = offer or SwapOffer(request_id=request_id, hours_id=hours_id)
    offer.person_id, offer.made_at, offer.number = person.id, now, number
    offer.state, offer.over_at = SwapState.OPEN, None
    session.add(offer)
    session.flush()
    session.refresh(offer)
    cover_notices.swap_offered(session, offer, live, now)
    return offer


def accept_swap(
    session: Session, offer_id: str, by: By, live: LiveSettings, now: datetime, *, tells_giver: bool = True
) -> SwapOffer | Refusal:
    """Both hours change hands, within the limits of both people. Again changes nothing.

    `tells_giver`: whoever gave away doesn't hear it in this moment anyway.
    """
    found = session.get(SwapOffer, offer_id)
    request = cover_rows.held(session, found.request_id) if found is not None else None
    if request is None or found is None:
        return Refusal.PAST
    session.refresh(found)
    if found.state is SwapState.ACCEPTED:
        return found
    if found.state is SwapState.OVER or request.state is not CoverState.OPEN:
        return Refusal.FULL
    given = assignments.Given(request.hours_id, Move(request.from_id, found.person))
    in_return = assignments.Given(found.hours_id, Move(found.person_id, request.giver))
    refused = assignments.swap(session, given, in_return, by, live, now)
    if refused is not None:
        return refused
    found.state, found.over_at = SwapState.ACCEPTED, now
    cover_rows.close(session, request, CoverState.TAKEN, now, found.person_id)
    cover_notices.swapped(session, found, live, now, both=tells_giver)
    return found


def decline_swap(session: Session, offer_id: str, live: LiveSettings, now: datetime) -> bool:
    """Rather not. False if the offer doesn't stand any more."""
    found = session.get(SwapOffer, offer_id)
    if found is None or cover_rows.held(session, found.request_id) is None:
        return False
    session.refresh(found)
    if found.state is not SwapState.OPEN:
        return False
    found.state, found.over_at = SwapState.OVER, now
    session.flush()
    name = found.request.giver.first_name
    cover_notices.tell(session, "cover_swap_declined", found.person, found.hours, live, now, name=name)
    return True
