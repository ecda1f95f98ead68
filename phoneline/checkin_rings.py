"""A volunteer who is on the line has the next peer of their check-in list rung: whom, and what is written down for it.

Hold the row of the volunteer's call.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline import (
    calls,
    checkin_layout,
    checkins,
    due_checkins,
    legs,
    lent_legs,
    matching,
    people,
    plan_settings,
    team,
)
from phoneline.db import Job, after_commit, insert_or_ignore
from phoneline.menu_visit import Visit
from phoneline.models import CHECKIN_WAITS, Checkin, CheckinPlan, Handover, Leg, Offer
from phoneline.recurrence import day_around
from phoneline.states import CallState, CheckinState, LegState, OfferResult, PlanKind

MOST = 20


def on_list(session: Session, visit: Visit) -> Sequence[Checkin]:
    """Check-ins that this volunteer makes, open and due by the end of their day, earliest first.

    Without whom they are kept apart from, and who pressed 9 in such a call and hasn't agreed to any since.
    """
    _, midnight = day_around(visit.now, visit.zone)
    return session.scalars(
        select(Checkin)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .where(CHECKIN_WAITS, Checkin.kind == PlanKind.VOLUNTEER, CheckinPlan.volunteer_id == visit.person.id)
        .where(Checkin.due_at < midnight, Checkin.person_id.not_in(matching.apart(visit.person.id)))
        .where(~people.said_no_to_volunteers(Checkin.person_id))
        .order_by(Checkin.attempt_due_at, Checkin.id)
    ).all()


def callable_now(session: Session, visit: Visit) -> Sequence[Checkin]:
    """Who on the list may be rung in this moment."""
    return [one for one in on_list(session, visit)[:MOST] if _may_ring(session, visit, one)]


def _may_ring(session: Session, visit: Visit, checkin: Checkin) -> bool:
    """A first call whenever the volunteer likes on its day; another one from its own time on. Never in quiet hours."""
    if checkin.attempts_used >= plan_settings.attempts(checkin.plan, visit.live):
        return False
    if checkin.state is CheckinState.WAITING and checkin.attempt_due_at > visit.now:
        return False
    if checkin_layout.is_paused(checkin.plan, visit.now):
        return False
    return due_checkins.not_before(session, checkin, visit.live, visit.line_zone, visit.now) <= visit.now


def begin(session: Session, visit: Visit, checkin_id: str) -> Offer | None:
    """Have the peer rung: once, however often it is asked. None if they, or the volunteer, can't be called now."""
    under_way = lent_legs.lent(session, visit.call)
    if under_way is not None:
        return _held(session, under_way)
    if not any(one.id == checkin_id for one in callable_now(session, visit)):
        return None
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in {CheckinState.DUE, CheckinState.WAITING} or not _may_ring(session, visit, checkin):
        return None
    _rest_no_longer(session, visit)
    if session.scalars(team.brought_in().where(Handover.person_id == visit.person.id)).first() is not None:
        return None
    with session.begin_nested() as writing:
        offer = _write_down(session, visit, checkin)
        if offer is None:
            writing.rollback()
            return None
    after_commit(session, Job("place_calls"))
    return offer


def _held(session: Session, leg: Leg) -> Offer:
    offer = session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one()
    calls.by_id(session, offer.call_id)
    session.refresh(offer)
    return offer


def _rest_no_longer(session: Session, visit: Visit) -> None:
    """Whoever goes on with their list has rested enough from the conversation before."""
    ended = select(Leg.id).where(Leg.id == Offer.leg_id, Leg.state == LegState.ENDED).correlate(Offer)
    session.execute(
        update(Offer)
        .where(Offer.volunteer_id == visit.person.id, Offer.released_at.is_(None))
        .where(Offer.wrap_up_until.is_not(None), ended.exists())
        .values(released_at=visit.now)
        .execution_options(synchronize_session="fetch")
    )


def _write_down(session: Session, visit: Visit, checkin: Checkin) -> Offer | None:
    """The peer's leg and its attempt, and the volunteer as who has taken the call. None if somebody rings them."""
    call = due_checkins.write_down(session, checkin, CallState.RINGING, visit.live, visit.now)
    call.volunteer_id, call.room = visit.person.id, legs.new_token()
    leg = lent_legs.lend(session, visit.call, visit.person, visit.now)
    made = insert_or_ignore(
        session,
        Offer,
        call_id=call.id,
        volunteer_id=visit.person.id,
        leg_id=leg.id,
        wait_round=call.wait_round,
        offered_at=visit.now,
        result=OfferResult.ACCEPTED,
        resolved_at=visit.now,
        accepted_at=visit.now,
    )
    return session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one() if made else None
