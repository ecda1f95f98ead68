"""Spending: what the line has used of its caps, counted from the calls each time, and who is held back by them.

A cap holds back what has not begun. It touches nobody who is on the telephone. What is held back keeps its place and
expires by its own rules, with a follow-up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from phoneline.elapsed import Seconds
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg, Offer
from phoneline.recurrence import day_around
from phoneline.spend_rules import Day, Level, Spent
from phoneline.states import Direction

HELD_SECONDS = 60
"""What a cap holds back is looked at again after so long: the day may be over, or the cap raised."""
HOUR = timedelta(hours=1)
_KEPT = "spending"


def today(session: Session, live: LiveSettings, now: datetime) -> Day:
    """The line's day so far, by its own clock. Counted once a transaction."""
    kept: tuple[datetime, Day] | None = session.info.get(_KEPT)
    if kept is None or kept[0] != now:
        kept = session.info[_KEPT] = (now, _today(session, live, now))
    return kept[1]


def _today(session: Session, live: LiveSettings, now: datetime) -> Day:
    midnight = day_around(now, live.home.zone)[0]
    # One question for all, and nothing is counted for a cap that isn't set.
    none = select(literal(0))
    calls = calls_since(midnight) if live.spend_calls_day else none
    seconds = _seconds_since(midnight, now) if live.spend_minutes_day else (none, none)
    called, *lasted = session.execute(select(*(one.scalar_subquery() for one in (calls, *seconds)))).one()
    return Day(Spent(called, live.spend_calls_day), Spent(float(sum(lasted)) / 60, live.spend_minutes_day))


def calls_since(at: datetime) -> Select[int]:
    """How many calls we have placed."""
    return select(func.count()).select_from(Leg).where(Leg.dialled_at >= at)


def _seconds_since(at: datetime, now: datetime) -> Sequence[Select[float]]:
    """Seconds on the telephone: of the legs that we placed, and of those who called us. What goes on counts so far."""

    def lasted(since: InstrumentedAttribute[Any], until: InstrumentedAttribute[Any]) -> ColumnElement[float]:
        ended = func.coalesce(until, literal(now, Leg.ended_at.type), type_=Leg.ended_at.type)
        return func.coalesce(func.sum(Seconds(since, ended)), 0.0)

    placed = select(lasted(Leg.answered_at, Leg.ended_at)).where(Leg.dialled_at >= at, Leg.answered_at.is_not(None))
    called = select(lasted(Call.started_at, Call.ended_at)).where(
        Call.started_at >= at, Call.direction == Direction.INBOUND
    )
    return placed, called


def may_call_peers(session: Session, live: LiveSettings, now: datetime) -> bool:
    """Whether check-ins and call-backs may begin. Who makes such a leg asks first."""
    return today(session, live, now).level < Level.REACHED


def may_ring_volunteers(session: Session, live: LiveSettings, now: datetime) -> bool:
    """Whether volunteers may be rung for callers: these are held back last."""
    return today(session, live, now).level < Level.EXHAUSTED


def may_call(session: Session, person_id: str | None, live: LiveSettings, now: datetime) -> bool:
    """Whether we may call this peer: neither the account's caps nor their own are reached."""
    if not may_call_peers(session, live, now):
        return False
    if person_id is None or not live.spend_calls_person_day:
        return True
    midnight = day_around(now, live.home.zone)[0]
    placed = select(func.count()).where(
        Call.person_id == person_id, Call.started_at >= midnight, Call.leg_id.is_not(None)
    )
    return session.execute(placed).scalar_one() < live.spend_calls_person_day


def rung_enough(session: Session, volunteer_ids: Sequence[str], live: LiveSettings, now: datetime) -> set[str]:
    """The volunteers who have been rung as often in the last hour as they may be."""
    if not live.spend_calls_volunteer_hour or not volunteer_ids:
        return set()
    rung = (
        select(Offer.volunteer_id)
        .where(Offer.volunteer_id.in_(volunteer_ids), Offer.offered_at > now - HOUR)
        .group_by(Offer.volunteer_id)
        .having(func.count() >= live.spend_calls_volunteer_hour)
    )
    return set(session.scalars(rung))
