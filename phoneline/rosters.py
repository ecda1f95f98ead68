"""Who is on shift. Shifts are laid out as hours ahead of time, so that the answer is one indexed query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from phoneline import pauses
from phoneline.db import insert_or_ignore
from phoneline.models import DutyHours, Pause, Person, PersonRole, Shift, ShiftHours
from phoneline.models.base import NOW
from phoneline.recurrence import spans, wall
from phoneline.states import Duty, PauseReason, Role

AHEAD = timedelta(days=8)
BEHIND = timedelta(days=1)


@dataclass(frozen=True)
class OnShift:
    """One volunteer who is on now, once, with their best tier."""

    person_id: str
    tier: int


def _who_is_on() -> Select[str]:
    on = (
        select(Person.id)
        .join(ShiftHours, ShiftHours.person_id == Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Pause, and_(Pause.person_id == Person.id, pauses.holds(NOW)), isouter=True)
        .where(ShiftHours.starts_at <= NOW, ShiftHours.ends_at > NOW)
        .where(Person.ready, PersonRole.role == Role.VOLUNTEER)
    )
    nobody_else = ~on.where(Pause.id.is_(None)).correlate(None).exists()
    return on.where(or_(Pause.id.is_(None), and_(Pause.reason == PauseReason.MISSED, nobody_else)))


WHO_IS_ON = _who_is_on()
"""The ids of who is on shift at `now` and may be rung. Shifts are half-open: at its end one is off.

Whoever is paused is left out; but where nobody else is on, those who only let it ring may be rung again.
"""


def in_order(on: Select[Any]) -> Select[Any]:
    """Those of `WHO_IS_ON` in roster order. Whoever has two shifts now comes twice, first with the better tier."""
    return on.order_by(ShiftHours.tier, ShiftHours.starts_at, ShiftHours.person_id)


_ROSTER = in_order(WHO_IS_ON.add_columns(ShiftHours.tier))


def on_shift(session: Session, now: datetime) -> Sequence[OnShift]:
    """Who is on shift at `now` and may be rung, in roster order."""
    best: dict[str, OnShift] = {}
    for person_id, tier in session.execute(_ROSTER, {"now": now}):
        best.setdefault(person_id, OnShift(person_id, tier))
    return list(best.values())


def go_off_shift(session: Session, person_id: str, now: datetime) -> None:
    """End the volunteer's present hours now."""
    session.execute(
        update(ShiftHours)
        .where(ShiftHours.person_id == person_id, ShiftHours.starts_at <= now, ShiftHours.ends_at > now)
        .values(ends_at=now)
    )


def lay_out(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> None:
    """Make the hours of one shift for the days ahead. Hours that are there already stay as they are."""
    for starts_at, ends_at in spans(shift.starts_local, shift.ends_local, shift.rrule, zone, now - BEHIND, now + AHEAD):
        insert_or_ignore(
            session,
            DutyHours if shift.duty is Duty.COORDINATOR else ShiftHours,
            shift_id=shift.id,
            person_id=shift.person_id,
            tier=shift.tier,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    shift.laid_out_until = wall(now + AHEAD, zone).date()


def lay_out_anew(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> None:
    """A shift has changed: forget its hours from now on and make them again. Who took open ones keeps them."""
    session.execute(delete(DutyHours).where(DutyHours.shift_id == shift.id, DutyHours.ends_at > now))
    ahead = and_(ShiftHours.shift_id == shift.id, ShiftHours.ends_at > now)
    session.execute(delete(ShiftHours).where(ahead, ShiftHours.person_id.is_not_distinct_from(shift.person_id)))
    taken = session.scalars(select(ShiftHours.starts_at).where(ahead)).all()
    lay_out(session, shift, zone, now)
    for starts_at, ends_at in spans(shift.starts_local, shift.ends_local, shift.rrule, zone, now, now + AHEAD):
        if starts_at in taken:
            same = and_(ShiftHours.shift_id == shift.id, ShiftHours.starts_at == starts_at)
            session.execute(update(ShiftHours).where(same).values(ends_at=ends_at))


def _due_for_layout(zone: ZoneInfo, now: datetime) -> Select[Shift]:
    enough = wall(now + AHEAD - timedelta(days=1), zone).date()
    return select(Shift).where(or_(Shift.laid_out_until.is_(None), Shift.laid_out_until < enough)).limit(200)


def is_lay_out_due(zone: ZoneInfo, now: datetime) -> ColumnElement[bool]:
    return _due_for_layout(zone, now).exists()


def lay_out_due(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Lay out shifts that aren't for the coming week."""
    for shift in session.scalars(_due_for_layout(zone, now)).all():
        lay_out(session, shift, zone, now)
