"""A volunteer who is on the line makes a check-in of their list, or of the shift's: whose, and written down.

Hold the row of the volunteer's call.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from phoneline import (
    calls,
    checkin_layout,
    checkin_tries,
    checkins,
    due_checkins,
    lent_legs,
    matching,
    offers,
    own_shifts,
    plan_settings,
    team,
    volunteer_checkins,
)
from phoneline.db import insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.menu_visit import Visit
from phoneline.models import (
    CHECKIN_TRY_IS_LIVE,
    CHECKIN_WAITS,
    Call,
    Checkin,
    CheckinPlan,
    CheckinTry,
    Handover,
    Leg,
    Offer,
    Person,
)
from phoneline.people import said_no_to_volunteers
from phoneline.recurrence import day_around
from phoneline.states import CallState, CheckinState, LegState, PlanKind

MOST = 20


class Whose(Protocol):
    """Whose list it is, at one moment: of somebody in the menu, or at their own page."""

    @property
    def person(self) -> Person: ...
    @property
    def line_zone(self) -> ZoneInfo: ...
    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def now(self) -> datetime: ...
    @property
    def live(self) -> LiveSettings: ...


def on_list(session: Session, whose: Whose) -> Sequence[Checkin]:
    """Check-ins that are theirs by the plan, open and due by the end of their day, earliest first."""
    _, midnight = day_around(whose.now, whose.zone)
    own = _open(whose).where(CheckinPlan.volunteer_id == whose.person.id, Checkin.due_at < midnight)
    return session.scalars(own).all()


def of_shift(session: Session, whose: Whose) -> Sequence[Checkin]:
    """For whoever is on shift: others that are due and that nobody makes, nor is being asked to."""
    if own_shifts.on_until(session, whose.person.id, whose.now) is None:
        return ()
    asked = (
        select(Offer.id)
        .join(CheckinTry, CheckinTry.call_id == Offer.call_id)
        .where(CheckinTry.checkin_id == Checkin.id, CHECKIN_TRY_IS_LIVE, Offer.result.is_(None))
    )
    others = _open(whose).where(
        CheckinPlan.volunteer_id.is_distinct_from(whose.person.id),
        Checkin.person_id != whose.person.id,
        Checkin.attempt_due_at <= whose.now,
        Checkin.hands_off_at.is_(None),
        ~asked.exists(),
    )
    return session.scalars(others).all()


def _open(whose: Whose) -> Select[Checkin]:
    """Without whom they are kept apart from, and who wanted no such calls."""
    return (
        select(Checkin)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .where(CHECKIN_WAITS, Checkin.kind == PlanKind.VOLUNTEER)
        .where(Checkin.person_id.not_in(matching.apart(whose.person.id)), ~said_no_to_volunteers(Checkin.person_id))
        .options(joinedload(Checkin.person), joinedload(Checkin.plan))
        .order_by(Checkin.attempt_due_at, Checkin.id)
        .limit(MOST)
    )


def callable_now(session: Session, whose: Whose) -> Sequence[Checkin]:
    """Who may be rung in this moment: of their own list, then of the shift's. Nobody by whoever isn't ready."""
    if not whose.person.ready:
        return ()
    listed = [*on_list(session, whose), *of_shift(session, whose)]
    return [one for one in listed if may_ring(session, whose, one)]


def may_ring(session: Session, whose: Whose, checkin: Checkin) -> bool:
    """A first call whenever the volunteer likes on its day; another one from its own time on. Never in quiet hours."""
    if checkin.attempts_used >= plan_settings.attempts(checkin.plan, whose.live):
        return False
    if checkin.state is CheckinState.WAITING and checkin.attempt_due_at > whose.now:
        return False
    if checkin_layout.is_paused(checkin.plan, whose.now):
        return False
    return due_checkins.not_before(session, checkin, whose.live, whose.line_zone, whose.now) <= whose.now


def begin(session: Session, visit: Visit, checkin_id: str) -> Offer | None:
    """Have the peer rung: once, however often it is asked. None if they, or the volunteer, can't be called now."""
    under_way = lent_legs.lent(session, visit.call)
    if under_way is not None:
        return _held(session, under_way)
    if not any(one.id == checkin_id for one in callable_now(session, visit)):
        return None
    tried = checkin_tries.live_of(session, checkin_id)
    seeking = calls.by_id(session, tried.call_id) if tried is not None else None
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in volunteer_checkins.WAITS or not may_ring(session, visit, checkin):
        return None
    rest_no_longer(session, visit.person.id, visit.now)
    if session.scalars(team.brought_in().where(Handover.person_id == visit.person.id)).first() is not None:
        return None
    with session.begin_nested() as writing:
        offer = _write_down(session, visit, checkin, seeking)
        if offer is None:
            writing.rollback()
    return offer


def _held(session: Session, leg: Leg) -> Offer:
    offer = session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one()
    calls.by_id(session, offer.call_id)
    session.refresh(offer)
    return offer


def rest_no_longer(session: Session, person_id: str, now: datetime) -> None:
    """Whoever goes on with their list has rested enough from the conversation before."""
    ended = select(Leg.id).where(Leg.id == Offer.leg_id, Leg.state == LegState.ENDED).correlate(Offer)
    session.execute(
        update(Offer)
        .where(Offer.volunteer_id == person_id, Offer.released_at.is_(None))
        .where(Offer.wrap_up_until.is_not(None), ended.exists())
        .values(released_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _write_down(session: Session, visit: Visit, checkin: Checkin, seeking: Call | None) -> Offer | None:
    """The volunteer as who has taken the call that seeks one. None if it has somebody, or if somebody rings them."""
    call = seeking or volunteer_checkins.seek(session, checkin, visit.live, visit.now)
    if call is None or call.state is not CallState.SEEKING:
        return None
    leg = lent_legs.lend(session, visit.call, visit.person, visit.now)
    made = insert_or_ignore(
        session,
        Offer,
        call_id=call.id,
        volunteer_id=visit.person.id,
        leg_id=leg.id,
        wait_round=call.wait_round,
        offered_at=visit.now,
    )
    if not made:
        return None
    offer = session.scalars(select(Offer).where(Offer.leg_id == leg.id)).one()
    return offer if offers.accept(session, offer, call, visit.now) else None
