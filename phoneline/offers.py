"""Offering a waiting call to volunteers, each on a leg of their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from phoneline import checkin_tries, legs, missed_offers, pauses, spending, team, usual_volunteers
from phoneline.candidates import candidates, is_one_ringing
from phoneline.db import Job, after_commit, changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import CALL_IS_LIVE, Call, Handover, Leg, Offer, Person, PhoneNumber
from phoneline.rosters import go_off_shift
from phoneline.routing import Candidate, next_offers, rings_one_at_a_time
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
LEFT_LYING_SECONDS = 2
"""An offer that nobody has begun to dial by then is dialled by the process that notices."""
TRIES = 5
"""Another call may take whom this one has just chosen; so often somebody else is chosen instead."""


def is_one_open(session: Session, call: Call) -> bool:
    """Whether an offer of the call is undecided."""
    undecided = select(Offer.id).where(Offer.call_id == call.id, Offer.result.is_(None))
    return session.scalars(undecided.limit(1)).first() is not None


def offer_next(session: Session, call: Call, live: LiveSettings, now: datetime) -> None:
    """Write down the offers that are due for a waiting call, and have them dialled after the commit.

    Hold the call's row. Who is next is decided from the rows each time; what the database forbids is not offered.
    """
    if call.state not in WINNABLE_CALL_STATES or call.safe_document_at is not None:
        return
    if call.state is CallState.SEEKING and checkin_tries.is_by_themselves(session, call):
        return
    if _is_one_left_lying(session, call, now):
        after_commit(session, Job(legs.DIAL_HERE))
    # For a call-back nobody waits on the line: no hurry.
    waited = timedelta(0) if call.state is CallState.SEEKING else now - call.wait_began_at
    cap = timedelta(seconds=live.wait_cap_seconds)
    # Most turns find nobody to ask. These read no roster.
    if rings_one_at_a_time(live.offer_strategy, waited=waited, cap=cap) and is_one_ringing(session, call, live, now):
        return
    if not team.is_anybody_free(session, now, call) or not spending.may_ring_volunteers(session, live, now):
        return
    for _ in range(TRIES):
        chosen = _choose(session, call, live, now, waited=waited, cap=cap)
        called = numbers(session, [one.person_id for one in chosen]) if chosen else {}
        made = [_offer(session, call, one.person_id, called[one.person_id], live, now) for one in chosen]
        if any(made):
            after_commit(session, Job("place_calls"))
        if any(made) or not chosen:
            return


def _is_one_left_lying(session: Session, call: Call, now: datetime) -> bool:
    """Whether nobody has begun to dial an offer: no worker and no clock is at work, perhaps."""
    lying_since = now - timedelta(seconds=LEFT_LYING_SECONDS)
    lies = select(Leg.id).where(Leg.state == LegState.PENDING, Leg.created_at <= lying_since)
    lies = lies.join(Offer, Offer.leg_id == Leg.id).where(Offer.call_id == call.id, Offer.result.is_(None))
    return session.scalars(lies.limit(1)).first() is not None


def _choose(session: Session, call: Call, live: LiveSettings, now: datetime, **wait: timedelta) -> Sequence[Candidate]:
    """Whom to ring next, none of whom has been rung too often in the last hour."""
    found = candidates(session, call, live, now)
    if call.state is CallState.SEEKING:
        # Nobody's phone rings twice in a row. Before the choice: were the one who speaks the language still hoped
        # for, nobody else would be asked.
        found = [replace(one, declined=one.declined or one.missed > 0) for one in found]
    chosen = next_offers(found, strategy=live.offer_strategy, **wait)
    if not spending.rung_enough(session, [one.person_id for one in chosen], live, now):
        return chosen
    enough = spending.rung_enough(session, [one.person_id for one in found], live, now)
    found = [replace(one, free=one.free and one.person_id not in enough) for one in found]
    return next_offers(found, strategy=live.offer_strategy, **wait)


def begin_new_round(session: Session, call: Call, live: LiveSettings, now: datetime) -> None:
    """For who isn't on the line yet: once all who could be asked were, and a while has passed, all may be again."""
    session.flush()
    session.refresh(call, ["offers"])
    asked = [one for one in call.offers if one.wait_round == call.wait_round]
    rested = now - timedelta(seconds=live.checkin_retry_seconds)
    if asked and all(one.resolved_at is not None and one.resolved_at <= rested for one in asked):
        call.wait_round += 1


def offer_to(session: Session, call: Call, volunteer_id: str, live: LiveSettings, now: datetime) -> bool:
    """Offer the call to this volunteer. False if another call takes them in this instant."""
    made = _offer(session, call, volunteer_id, numbers(session, [volunteer_id])[volunteer_id], live, now)
    if made:
        after_commit(session, Job("place_calls"))
    return made


def still_wanted(session: Session, offer: Offer, now: datetime) -> bool:
    """Whether the volunteer is still to be rung for this offer, some time after it was written down."""
    call = offer.call
    if offer.result is not None or call.state not in WINNABLE_CALL_STATES:
        return False
    on_the_line = session.scalars(select(Call.id).where(Call.person_id == offer.volunteer_id, CALL_IS_LIVE)).first()
    on_shift = team.is_anybody_on(session, call, now, [offer.volunteer_id])
    return on_the_line is None and (on_shift or usual_volunteers.is_still_wanted(session, offer, now))


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
        is_checkin = checkin_tries.of_call(session, call) is not None
        leg.priority = legs.priority(LegPurpose.CHECKIN if is_checkin else LegPurpose.CALLBACK)
    made = insert_or_ignore(
        session,
        Offer,
        call_id=call.id,
        volunteer_id=volunteer_id,
        leg_id=leg.id,
        wait_round=call.wait_round,
        offered_at=now,
    )
    if made and session.scalars(team.brought_in().where(Handover.person_id == volunteer_id)).first() is not None:
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
        .where(Offer.volunteer_id == volunteer_id, Offer.released_at.is_(None), team.rested(now))
        .values(released_at=now)
        .execution_options(synchronize_session="fetch")
    )


def resolve(session: Session, offer: Offer, result: OfferResult, now: datetime) -> bool:
    """The offer is decided; the first decision holds. True if this was it."""
    return _resolve(session, [offer], result, now)


def _resolve(
    session: Session, undecided: Sequence[Offer], result: OfferResult, now: datetime, **also: datetime
) -> bool:
    """True if none of them had been decided before."""
    ids = [offer.id for offer in undecided]
    decide = update(Offer).where(Offer.id.in_(ids), Offer.result.is_(None))
    # What we have read of them is changed along with the rows.
    decide = decide.values(result=result, resolved_at=now, **also).execution_options(synchronize_session="evaluate")
    decided = changed(session, decide) == len(ids)
    for offer in undecided:
        if not decided:
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
    # In this very instant somebody may be dialling one of them: the legs are held and read afresh.
    still_open = (
        select(Offer)
        .join(Offer.leg)
        .options(contains_eager(Offer.leg))
        .where(Offer.call_id == call.id, Offer.result.is_(None))
        .with_for_update(of=Leg, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session.scalars(still_open).all()
    for offer in found:
        legs.want_held_end(session, offer.leg, now)
    session.flush()
    if found:
        _resolve(session, found, OfferResult.CANCELLED, now)


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
            joined_at=None,
            nudge_at=call.nudge_at if rings_peer else now + timedelta(seconds=NUDGE_SECONDS),
        )
        # The call as we have read it is changed along with its row, which is held.
        .execution_options(synchronize_session="evaluate")
    )
    if offer.result is not None or changed(session, win) == 0:
        resolve(session, offer, OfferResult.CANCELLED, now)
        return False
    _resolve(session, [offer], OfferResult.ACCEPTED, now, accepted_at=now)
    if not offer.leg.is_lent:
        # Who calls from their list may be on a break.
        pauses.end(session, offer.volunteer_id, now)
    cancel_open(session, call, now)
    if not rings_peer:
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
    """The leg's offer, with as much of its volunteer as is needed to speak with them."""
    volunteer = joinedload(Offer.volunteer)
    later = volunteer.load_only(Person.language), volunteer.lazyload(Person.roles), volunteer.lazyload(Person.numbers)
    return session.scalars(select(Offer).options(*later).where(Offer.leg_id == leg.id)).one()
