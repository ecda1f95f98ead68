"""Offering a waiting call to volunteers, each on a leg of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from phoneline import legs, matching, missed_offers, pauses, spending
from phoneline.db import Job, after_commit, changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import CALL_IS_LIVE, Call, Handover, Leg, Offer, PhoneNumber
from phoneline.rosters import OnShift, go_off_shift, on_shift
from phoneline.routing import Candidate, next_offers
from phoneline.states import (
    WINNABLE_CALL_STATES,
    CallState,
    LegEnd,
    LegPurpose,
    LegState,
    OfferResult,
)

RESULT_OF_END = {
    LegEnd.COMPLETED: OfferResult.NO_ANSWER,  # picked up, but no key was pressed
    LegEnd.NO_ANSWER: OfferResult.NO_ANSWER,
    LegEnd.BUSY: OfferResult.BUSY,
    LegEnd.FAILED: OfferResult.FAILED,
    LegEnd.CANCELLED: OfferResult.CANCELLED,
}
NUDGE_SECONDS = 3
"""A leg that was redirected asks within so long what comes next; if not, it is redirected again."""
AFTER_FAILURE_SECONDS = 8
"""Where a dial failed, the carrier may be away or the number dead: it is tried again, but not at once."""
HUNG_SECONDS = 6
"""A dial that the carrier hasn't answered for so long holds up the caller no longer."""
LATE_SECONDS = 15
"""How much later than its ring and its prompt an offer may end before nobody waits for it any more."""
LEFT_LYING_SECONDS = 2
"""An offer that nobody has begun to dial by then is dialled by the process that notices."""
TRIES = 5
"""Another call may take whom this one has just chosen; so often somebody else is chosen instead."""


def someone_to_ask(session: Session, call: Call, now: datetime) -> Sequence[OnShift]:
    """Who is on shift for this call, busy or not: all but the caller themself and who is kept apart from them."""
    never = {call.person_id, *matching.apart_from(session, call.person_id)}
    return [one for one in on_shift(session, now) if one.person_id not in never]


def offer_next(session: Session, call: Call, live: LiveSettings, now: datetime) -> None:
    """Write down the offers that are due for a waiting call, and have them dialled after the commit.

    Hold the call's row. Who is next is decided from the rows each time; what the database forbids is not offered.
    """
    if call.state not in WINNABLE_CALL_STATES or call.safe_document_at is not None:
        return
    if any(_is_left_lying(offer, now) for offer in call.offers):
        after_commit(session, Job(legs.DIAL_HERE))
    if not spending.may_ring_volunteers(session, live, now):
        return
    # For a call-back nobody waits on the line: no hurry, and nobody's phone rings twice in a row.
    no_hurry = call.state is CallState.SEEKING
    for _ in range(TRIES):
        candidates = _candidates(session, call, live, now)
        if no_hurry:
            # Before the choice: were the one who speaks the language still hoped for, nobody else would be asked.
            candidates = [replace(one, declined=one.declined or one.missed > 0) for one in candidates]
        chosen = next_offers(
            candidates,
            strategy=live.offer_strategy,
            waited=timedelta(0) if no_hurry else now - call.wait_began_at,
            cap=timedelta(seconds=live.wait_cap_seconds),
        )
        called = numbers(session, [one.person_id for one in chosen])
        made = [_offer(session, call, one.person_id, called[one.person_id], live, now) for one in chosen]
        if any(made):
            after_commit(session, Job("place_calls"))
        if any(made) or not chosen:
            return


def _is_left_lying(offer: Offer, now: datetime) -> bool:
    """Whether nobody has begun to dial the offer: no worker and no clock is at work, perhaps."""
    lying_since = now - timedelta(seconds=LEFT_LYING_SECONDS)
    return offer.result is None and offer.leg.state is LegState.PENDING and offer.leg.created_at <= lying_since


def still_wanted(session: Session, offer: Offer, now: datetime) -> bool:
    """Whether the volunteer is still to be rung for this offer, some time after it was written down."""
    call = offer.call
    if offer.result is not None or call.state not in WINNABLE_CALL_STATES:
        return False
    on_the_line = session.scalars(select(Call.id).where(Call.person_id == offer.volunteer_id, CALL_IS_LIVE)).first()
    return on_the_line is None and any(
        one.person_id == offer.volunteer_id for one in someone_to_ask(session, call, now)
    )


def _candidates(session: Session, call: Call, live: LiveSettings, now: datetime) -> list[Candidate]:
    team = someone_to_ask(session, call, now)
    ids = [one.person_id for one in team]
    taken = busy(session, ids, now) | spending.rung_enough(session, ids, live, now)
    gone = now - timedelta(seconds=live.offer_ring_seconds + live.offer_accept_seconds + LATE_SECONDS)
    ringing: set[str] = set()
    declined: set[str] = set()
    missed: Counter[str] = Counter()
    rung: Counter[str] = Counter()
    for volunteer_id, result, offered_at, leg_state in session.execute(
        select(Offer.volunteer_id, Offer.result, Offer.offered_at, Leg.state)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(Offer.call_id == call.id, Offer.wait_round == call.wait_round)
    ):
        if result is None:
            # The caller doesn't wait for a leg of which nobody knows whether it rings.
            hung = leg_state is LegState.DIALLING and offered_at <= now - timedelta(seconds=HUNG_SECONDS)
            if not hung and leg_state is not LegState.UNKNOWN and offered_at > gone:
                ringing.add(volunteer_id)
        elif result is OfferResult.DECLINED:
            declined.add(volunteer_id)
        elif result in missed_offers.MISSES:
            missed[volunteer_id] += 1
            rung[volunteer_id] += result is not OfferResult.FAILED
            if result is OfferResult.FAILED and offered_at > now - timedelta(seconds=AFTER_FAILURE_SECONDS):
                taken.add(volunteer_id)
    last = _last_connected(session, ids)
    fits = matching.fits(session, call, ids, live)
    return [
        Candidate(
            person_id=one.person_id,
            tier=one.tier,
            free=one.person_id not in taken,
            last_connected_at=last.get(one.person_id),
            order=order,
            ringing_for_this=one.person_id in ringing,
            missed=missed[one.person_id],
            rung=rung[one.person_id],
            declined=one.person_id in declined,
            fit=fits[one.person_id],
        )
        for order, one in enumerate(team)
    ]


def is_anybody_free(session: Session, now: datetime) -> bool:
    """Whether somebody on shift could be rung at once, by any call."""
    ids = [one.person_id for one in on_shift(session, now)]
    return bool(set(ids) - busy(session, ids, now))


def _rested(now: datetime) -> ColumnElement[bool]:
    """Offers whose leg has ended and whose wrap-up has run out: nobody is held by them any more."""
    return and_(Offer.wrap_up_until <= now, Offer.leg_id.in_(select(Leg.id).where(Leg.state == LegState.ENDED)))


def busy(session: Session, ids: Sequence[str], now: datetime) -> set[str]:
    """Who is being rung, talking or wrapping up, brought into a call, or on the line as a caller or peer."""
    on_offer = select(Offer.volunteer_id).where(
        Offer.volunteer_id.in_(ids),
        Offer.released_at.is_(None),
        or_(Offer.wrap_up_until.is_(None), not_(_rested(now))),
    )
    on_call = select(Call.person_id).where(Call.person_id.in_(ids), CALL_IS_LIVE)
    held = (on_offer, on_call, _brought_in(ids))
    return {str(one) for query in held for one in session.scalars(query)}


def _brought_in(ids: Sequence[str]) -> Select[str | None]:
    """Who of them is rung for a call, or is in one, as its coordinator."""
    return select(Handover.person_id).where(Handover.person_id.in_(ids), Handover.ended_at.is_(None))


def _last_connected(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    found = session.execute(
        select(Offer.volunteer_id, func.max(Offer.joined_at))
        .where(Offer.volunteer_id.in_(ids), Offer.joined_at.is_not(None))
        .group_by(Offer.volunteer_id)
    )
    return {volunteer_id: at for volunteer_id, at in found if at is not None}


def numbers(session: Session, ids: Sequence[str]) -> dict[str, str]:
    first = select(PhoneNumber.person_id, PhoneNumber.number).where(
        PhoneNumber.person_id.in_(ids), PhoneNumber.position == 1
    )
    return dict(session.execute(first).all())


def _offer(session: Session, call: Call, volunteer_id: str, number: str, live: LiveSettings, now: datetime) -> bool:
    """False if the volunteer was taken in this instant by another call."""
    _release_rested(session, volunteer_id, now)
    leg = legs.write_down(session, LegPurpose.OFFER, number, live.offer_ring_seconds, now)
    if call.state is CallState.SEEKING:
        leg.priority = legs.priority(LegPurpose.CALLBACK)
    made = insert_or_ignore(
        session,
        Offer,
        call_id=call.id,
        volunteer_id=volunteer_id,
        leg_id=leg.id,
        wait_round=call.wait_round,
        offered_at=now,
    )
    if made and session.scalars(_brought_in([volunteer_id])).first() is not None:
        # Brought into another call in this instant, as its coordinator: who does that holds the person's row.
        session.execute(delete(Offer).where(Offer.leg_id == leg.id))
        made = False
    if not made:
        session.delete(leg)
    return made


def _release_rested(session: Session, volunteer_id: str, now: datetime) -> None:
    """Free a volunteer who has rested."""
    session.execute(
        update(Offer)
        .where(Offer.volunteer_id == volunteer_id, Offer.released_at.is_(None), _rested(now))
        .values(released_at=now)
        .execution_options(synchronize_session="fetch")
    )


def resolve(session: Session, offer: Offer, result: OfferResult, now: datetime) -> bool:
    """The offer is decided; the first decision holds. True if this was it."""
    decide = update(Offer).where(Offer.id == offer.id, Offer.result.is_(None)).values(result=result, resolved_at=now)
    decided = changed(session, decide) == 1
    session.refresh(offer)
    release_if_over(offer, now)
    return decided


def release_if_over(offer: Offer, now: datetime) -> None:
    """Free the volunteer when their leg has ended and no conversation or wrap-up holds them."""
    if offer.released_at is not None or offer.leg.state is not LegState.ENDED or offer.result is None:
        return
    if offer.result is OfferResult.ACCEPTED and (
        offer.conversation_ended_at is None or offer.wrap_up_until is None or offer.wrap_up_until > now
    ):
        return
    offer.released_at = now


def cancel_open(session: Session, call: Call, now: datetime) -> None:
    """Nobody is needed any more: every offer of the call that is still open is cancelled and its leg ended."""
    for offer in session.scalars(select(Offer).where(Offer.call_id == call.id, Offer.result.is_(None))).all():
        legs.want_end(session, offer.leg, now)
        session.flush()
        resolve(session, offer, OfferResult.CANCELLED, now)


def accept(session: Session, offer: Offer, call: Call, now: datetime) -> bool:
    """Key 1. True if the volunteer has the call, now or already; of several who press at once exactly one.

    Hold the call's row.
    """
    if offer.result is OfferResult.ACCEPTED:
        return offer.conversation_ended_at is None
    rings_peer = call.state is CallState.SEEKING
    win = (
        update(Call)
        .where(Call.id == call.id, Call.state.in_(WINNABLE_CALL_STATES))
        .values(
            state=CallState.RINGING if rings_peer else CallState.CONNECTED,
            volunteer_id=offer.volunteer_id,
            room=legs.new_token(),
        )
    )
    if offer.result is not None or changed(session, win) == 0:
        resolve(session, offer, OfferResult.CANCELLED, now)
        return False
    session.refresh(call)
    resolve(session, offer, OfferResult.ACCEPTED, now)
    offer.accepted_at = now
    pauses.resume(session, offer.volunteer_id, now)
    call.joined_at = None
    session.flush()
    cancel_open(session, call, now)
    if not rings_peer:
        call.nudge_at = now + timedelta(seconds=NUDGE_SECONDS)
        after_commit(session, Job("nudge_call", call.id))
    return True


def decline(session: Session, offer: Offer, *, and_go_off: bool, now: datetime) -> None:
    """Keys 2 and 9. Said again it changes nothing, the next shift least of all."""
    if resolve(session, offer, OfferResult.DECLINED, now) and and_go_off:
        go_off_shift(session, offer.volunteer_id, now)


def leg_ended(session: Session, offer: Offer, live: LiveSettings, now: datetime) -> None:
    """The volunteer's leg is over: an open offer is decided by how, and the volunteer is free as far as that goes."""
    if offer.result is None:
        end = offer.leg.end or LegEnd.FAILED
        result = OfferResult.MACHINE if offer.leg.machine and end is LegEnd.COMPLETED else RESULT_OF_END[end]
        if resolve(session, offer, result, now):
            missed_offers.pause_if_too_many(session, offer, live, now)
    release_if_over(offer, now)


def of_leg(session: Session, leg: Leg) -> Offer:
    return session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one()
