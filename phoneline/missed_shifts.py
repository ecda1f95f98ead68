"""Shifts in which somebody let it ring again and again: so that a coordinator notices and asks how they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from phoneline.live_settings import LiveSettings
from phoneline.missed_offers import IS_TOLD, MISSES
from phoneline.models import Leg, Offer, Person, ShiftHours

LATELY = timedelta(days=3)
"""So long after its end a shift is spoken of."""
MOST = 4
_USUAL = 3
"""Where nobody is paused for it, so many are worth a word."""
_MISSED = func.count().filter(Offer.result.in_(MISSES))


@dataclass(frozen=True)
class MissedShift:
    """A shift that is over: how many of the calls that rang in it were not picked up."""

    person_id: str
    name: str
    starts_at: datetime
    ends_at: datetime
    missed: int
    of: int


def lately(session: Session, live: LiveSettings, now: datetime) -> Sequence[MissedShift]:
    """Those with as many missed as would pause somebody, in a row or not; the last one first."""
    rung = and_(
        Offer.volunteer_id == ShiftHours.person_id,
        Offer.offered_at >= ShiftHours.starts_at,
        Offer.offered_at < ShiftHours.ends_at,
    )
    found: Iterable[Any] = session.execute(
        select(Person.id, Person.name, ShiftHours.starts_at, ShiftHours.ends_at, _MISSED, func.count())
        .select_from(ShiftHours)
        .join(Person, Person.id == ShiftHours.person_id)
        .join(Offer, rung)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(ShiftHours.ends_at <= now, ShiftHours.ends_at > now - LATELY, IS_TOLD)
        .group_by(ShiftHours.id, Person.id)
        .having((live.missed_offers_before_pause or _USUAL) <= _MISSED)
        .order_by(ShiftHours.ends_at.desc(), ShiftHours.id)
        .limit(MOST)
    )
    return [MissedShift(*row) for row in found]


def share(session: Session, person_id: str, since: datetime, now: datetime) -> tuple[int, int]:
    """How many of the calls that rang for the volunteer were missed, and how many there were."""
    theirs: ColumnElement[bool] = and_(
        Offer.volunteer_id == person_id, Offer.offered_at >= since, Offer.offered_at < now
    )
    rung = select(_MISSED, func.count()).select_from(Offer).join(Leg, Leg.id == Offer.leg_id)
    missed, of = session.execute(rung.where(theirs, IS_TOLD)).one()
    return missed, of
