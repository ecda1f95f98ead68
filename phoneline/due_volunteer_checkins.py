"""Check-ins that volunteers make, when their time has come. Every clock looks once a second."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from phoneline import calls, checkin_tries, checkins, due_checkins, offers, volunteer_checkins
from phoneline.live_settings import LiveSettings
from phoneline.models import CHECKIN_TRY_IS_LIVE, LEG_IS_LIVE, Call, CheckinTry, Leg, Offer
from phoneline.states import CallState, LegEnd, LegState, PlanKind

MOST = 50
LOOK_AGAIN_SECONDS = 5
"""Whether somebody can be asked by now. Till then it is on the list of the shift."""


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to look at."""
    return or_(_due(now).exists(), select(CheckinTry.id).where(CHECKIN_TRY_IS_LIVE).exists())


def _due(now: datetime) -> Select[str]:
    return due_checkins.waiting_of(PlanKind.VOLUNTEER, now)


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Go on with those under way, then begin those whose time has come."""
    under_way = select(CheckinTry.call_id).where(CHECKIN_TRY_IS_LIVE).order_by(CheckinTry.began_at, CheckinTry.id)
    for call_id in session.scalars(under_way).all():
        _go_on(session, call_id, live, now)
    for checkin_id in session.scalars(_due(now).limit(MOST)).all():
        checkin = due_checkins.held(session, checkin_id)
        if checkin is None or not due_checkins.may_begin(session, checkin, live, live.home.zone, now):
            continue
        if not volunteer_checkins.begin(session, checkin, live, now):
            again = now + timedelta(seconds=LOOK_AGAIN_SECONDS)
            checkin.dial_after = min(again, due_checkins.deadline(checkin, live))


def _go_on(session: Session, call_id: str, live: LiveSettings, now: datetime) -> None:
    call = calls.by_id(session, call_id)
    tried = checkin_tries.of_call(session, call)
    if tried is None or tried.over_at is not None:
        return
    match call.state:
        case CallState.SEEKING:
            _seek(session, call, tried, live, now)
        case CallState.RINGING:
            _ring_on(session, call, live, now)
        case CallState.ENDED if not _is_volunteer_on(session, call):
            volunteer_checkins.conclude(session, call, now)
            volunteer_checkins.try_over(session, call, now)


def _seek(session: Session, call: Call, tried: CheckinTry, live: LiveSettings, now: datetime) -> None:
    """Ask the next volunteer, or nobody any more."""
    if tried.by_themselves and offers.is_one_open(session, call):
        return
    checkin = checkins.locked(session, tried.checkin_id)
    moved = checkin.attempt_due_at > now
    if not (moved or tried.by_themselves) and volunteer_checkins.is_wanted(session, checkin, live, now, call):
        volunteer_checkins.ask_next(session, call, tried, live, now)
        offers.begin_new_round(session, call, live, now)
    else:
        calls.end(session, call, now, live, now, LegEnd.CANCELLED)


def _ring_on(session: Session, call: Call, live: LiveSettings, now: datetime) -> None:
    """Close what was stopped before it was dialled, or whose volunteer has gone before the peer was rung."""
    never_rung = call.leg is None and not _is_volunteer_on(session, call)
    if never_rung or (call.leg is not None and call.leg.state is LegState.ENDED):
        calls.end(session, call, now, live, now, LegEnd.CANCELLED)


def _is_volunteer_on(session: Session, call: Call) -> bool:
    on = select(Leg.id).join(Offer, Offer.leg_id == Leg.id).where(Offer.call_id == call.id, LEG_IS_LIVE)
    return session.scalars(on.limit(1)).first() is not None
