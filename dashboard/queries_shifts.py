"""One volunteer's shifts, and those that they could have, in a fixed number of queries. Nothing of callers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from phoneline import own_limits, shift_refusals
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours, Unavailable
from phoneline.rosters import AHEAD
from phoneline.shift_states import Standing
from phoneline.states import Role

OTHERS_AHEAD = timedelta(days=14)
"""Shifts that others have are shown so far ahead."""
MOST_HOURS = 300


@dataclass(frozen=True)
class Row:
    """Hours, and whose they are."""

    id: str
    starts_at: datetime
    ends_at: datetime
    tier: int
    person_id: str | None
    name: str | None
    shadow: bool
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Found:
    """What the page of a volunteer's shifts is made of."""

    person_id: str
    name: str
    readiness: own_limits.Readiness
    standing: Standing
    rows: Sequence[Row]
    away: Sequence[Unavailable]


def of_volunteer(session: Session, person_id: str, live: LiveSettings, now: datetime) -> Found | None:
    """None if nobody, or no volunteer, has this id."""
    person = session.get(Person, person_id)
    if person is None or not person.has(Role.VOLUNTEER):
        return None
    return Found(
        person_id=person_id,
        name=person.name,
        readiness=own_limits.readiness(person),
        standing=shift_refusals.standing(session, person_id, (now, now + AHEAD), live),
        rows=_rows(session, person_id, now),
        away=own_limits.times(session, person_id, live, now),
    )


def _rows(session: Session, person_id: str, now: datetime) -> Sequence[Row]:
    """Theirs and nobody's as far as they are laid out, others' for two weeks; none that are off or over."""
    near = ShiftHours.starts_at < now + OTHERS_AHEAD
    found = session.execute(
        select(
            ShiftHours.id,
            ShiftHours.starts_at,
            ShiftHours.ends_at,
            ShiftHours.tier,
            ShiftHours.person_id,
            Person.name,
            ShiftHours.shadow,
            ShiftHours.confirmed_at,
        )
        .join(Person, Person.id == ShiftHours.person_id, isouter=True)
        .where(ShiftHours.ends_at > now, ~ShiftHours.off, ShiftHours.starts_at < now + AHEAD)
        .where(or_(ShiftHours.person_id == person_id, ShiftHours.person_id.is_(None), near))
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
        .limit(MOST_HOURS)
    )
    return [Row(*row) for row in found]
