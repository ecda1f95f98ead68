"""Holidays: days with a name, on which shifts that come again may not take place.

A shift that was made for such a day alone does, and so does a date that was changed by itself. Coordinators' duty goes
on: what is urgent must find somebody on holidays too.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import shift_rules
from phoneline.models import Holiday, Shift, ShiftHours
from phoneline.states import Duty

_DAY = timedelta(days=1)


def listed(session: Session, since: date) -> Sequence[Holiday]:
    """From a day on, in order."""
    return session.scalars(select(Holiday).where(Holiday.day >= since).order_by(Holiday.day)).all()


def days(session: Session) -> set[date]:
    """The days without shifts that come again."""
    return set(session.scalars(select(Holiday.day).where(Holiday.no_shifts)).all())


def without_shifts(session: Session, shift: Shift) -> Collection[date]:
    """The days on which this shift doesn't take place."""
    return days(session) if shift.rrule.strip() and shift.duty is Duty.CALLS else ()


def keep(session: Session, day: date, name: str, *, no_shifts: bool) -> Holiday:
    """The day with this name from now on. What follows for shifts is `lay_out_day`'s."""
    found = session.scalars(select(Holiday).where(Holiday.day == day)).one_or_none()
    if found is None:
        found = Holiday(day=day, name=name, no_shifts=no_shifts)
        session.add(found)
    found.name, found.no_shifts = name, no_shifts
    session.flush()
    return found


def hours_on(session: Session, day: date, now: datetime) -> Sequence[tuple[ShiftHours, Shift]]:
    """The hours of that day, to come, that follow whatever holds for shifts that come again."""
    start = shift_rules.midnight(day)
    found = session.execute(
        select(ShiftHours, Shift)
        .join(Shift, Shift.id == ShiftHours.shift_id)
        .where(ShiftHours.occurs_local >= start, ShiftHours.occurs_local < start + _DAY)
        .where(ShiftHours.starts_at > now, ~ShiftHours.kept, Shift.rrule != "", Shift.duty == Duty.CALLS)
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
        .with_for_update(of=ShiftHours, key_share=True)
    )
    return [(hours, shift) for hours, shift in found]


def lay_out_day(session: Session, day: date, zone: ZoneInfo, now: datetime) -> Sequence[ShiftHours]:
    """The hours of that day as they are meant now: off, or as their shifts say. Those that changed."""
    off = day in days(session)
    changed = [(hours, shift) for hours, shift in hours_on(session, day, now) if hours.off is not off]
    for hours, shift in changed:
        if hours.occurs_local is not None:
            whole = shift_rules.planned(shift.starts_local, shift.ends_local, hours.occurs_local, zone)
            hours.off, hours.confirmed_at = off, None
            hours.starts_at, hours.ends_at = whole.starts_at, whole.starts_at if off else whole.ends_at
    session.flush()
    return [hours for hours, _ in changed]
