"""Who is on shift. Shifts are laid out as hours ahead of time, so that the answer is one indexed query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date as day
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from phoneline import holidays, pauses, roster_changes
from phoneline.db import insert_all_or_ignore
from phoneline.models import DutyHours, Pause, Person, PersonRole, Shift, ShiftHours
from phoneline.models.base import NOW
from phoneline.models.roster import LENGTHS
from phoneline.recurrence import Occurrence, occurrences, wall
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct
from phoneline.states import Duty, PauseReason, Role

AHEAD = timedelta(days=70)
"""The weeks that can be looked at and changed: this month and the next whole one, whatever day it is."""
RENEWED = timedelta(days=7)
"""A shift is laid out on when so much of that is gone."""
BEHIND = timedelta(days=1)


@dataclass(frozen=True)
class OnShift:
    """One volunteer who is on now, once, with their best tier."""

    person_id: str
    tier: int


def _has_begun_lately(hours: int) -> ColumnElement[bool]:
    """Hours of this length that can still go on."""
    since = bindparam(f"since_{hours}", type_=NOW.type)
    return and_(ShiftHours.at_most_hours == literal(hours, literal_execute=True), ShiftHours.starts_at > since)


def at(now: datetime) -> dict[str, Any]:
    """What `WHO_IS_ON` has to know: the instant, and since when hours of each length can still go on."""
    return {"now": now, **{f"since_{hours}": now - timedelta(hours=hours) for hours in LENGTHS}}


def _who_is_on() -> Select[str]:
    on = (
        select(Person.id)
        # Those who are on are few, the hours of those who could be many: nobody's are looked through by person.
        .join(ShiftHours, ShiftHours.person_id.concat(literal("", literal_execute=True)) == Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Pause, and_(Pause.person_id == Person.id, pauses.holds(NOW)), isouter=True)
        .where(ShiftHours.starts_at <= NOW, ShiftHours.ends_at > NOW)
        # The same once more, for an index: ten weeks ahead and years behind are never looked at.
        .where(or_(*map(_has_begun_lately, LENGTHS)))
        .where(~ShiftHours.shadow, Person.ready, PersonRole.role == Role.VOLUNTEER)
    )
    nobody_else = ~on.where(Pause.id.is_(None)).correlate(None).exists()
    return on.where(or_(Pause.id.is_(None), and_(Pause.reason == PauseReason.MISSED, nobody_else)))


WHO_IS_ON = _who_is_on()
"""The ids of who is on shift `at` an instant and may be rung. Shifts are half-open: at its end one is off.

Whoever is paused is left out; but where nobody else is on, those who only let it ring may be rung again.
"""


def in_order(on: Select[Any]) -> Select[Any]:
    """Those of `WHO_IS_ON` in roster order. Whoever has two shifts now comes twice, first with the better tier."""
    return on.order_by(ShiftHours.tier, ShiftHours.starts_at, ShiftHours.person_id)


_ROSTER = in_order(WHO_IS_ON.add_columns(ShiftHours.tier))


def on_shift(session: Session, now: datetime) -> Sequence[OnShift]:
    """Who is on shift at `now` and may be rung, in roster order."""
    best: dict[str, OnShift] = {}
    for person_id, tier in session.execute(_ROSTER, at(now)):
        best.setdefault(person_id, OnShift(person_id, tier))
    return list(best.values())


def go_off_shift(session: Session, person_id: str, now: datetime) -> None:
    """End the volunteer's present hours now; their own act."""
    present = select(ShiftHours).where(ShiftHours.person_id == person_id, ShiftHours.starts_at <= now)
    held = present.where(ShiftHours.ends_at > now).with_for_update(of=ShiftHours, key_share=True)
    for hours in session.scalars(held.execution_options(populate_existing=True)).all():
        hours.ends_at = now
        roster_changes.note(session, RosterAct.OFF, By(person_id=person_id), now, hours)


def ahead(session: Session, since: datetime, until: datetime, person_id: str | None = None) -> Sequence[ShiftHours]:
    """The hours in [since, until), everybody's and nobody's, or one person's, in order; none that are off."""
    within = and_(ShiftHours.starts_at < until, ShiftHours.ends_at > since, ~ShiftHours.off)
    found = select(ShiftHours).where(within).order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
    if person_id is not None:
        found = found.where(ShiftHours.person_id == person_id)
    return session.scalars(found).all()


def hours_of(shift: Shift) -> type[DutyHours] | type[ShiftHours]:
    """The roster that the shift's hours are on."""
    return DutyHours if shift.duty is Duty.COORDINATOR else ShiftHours


def lay_out(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> None:
    """Make the hours of one shift for the weeks ahead. Hours that are there already stay as they are."""
    without = holidays.without_shifts(session, shift)
    dates = dates_of(shift, zone, now - BEHIND, now + AHEAD)
    rows = [{**as_planned(shift, one, without), "person_id": shift.person_id} for one in dates]
    insert_all_or_ignore(session, hours_of(shift), rows)
    shift.laid_out_until = wall(now + AHEAD, zone).date()


def dates_of(shift: Shift, zone: ZoneInfo, since: datetime, until: datetime) -> Sequence[Occurrence]:
    """The dates that the shift has, also those on which it doesn't take place."""
    if shift.ended_at is not None:
        return []
    dates = occurrences(shift.starts_local, shift.ends_local, shift.rrule, zone, since, until)
    return [one for one in dates if shift.until_local is None or one.local < shift.until_local]


def as_planned(shift: Shift, date: Occurrence, without: Collection[day]) -> dict[str, Any]:
    """The hours of one date by its shift alone; off on days without shifts."""
    off = date.local.date() in without
    planned = {
        "shift_id": shift.id,
        "occurs_local": date.local,
        "tier": shift.tier,
        "starts_at": date.starts_at,
        "ends_at": date.starts_at if off else date.ends_at,
        "off": off,
    }
    return planned if shift.duty is Duty.COORDINATOR else {**planned, "shadow": shift.shadow}


def lay_out_anew(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> None:
    """A shift has changed: its hours that aren't over follow it, but for dates that were changed by themselves.

    Whoever has taken a date over keeps it, even where the shift has it no more.
    """
    hours = hours_of(shift)
    without = holidays.without_shifts(session, shift)
    dates = {one.local: one for one in dates_of(shift, zone, now - BEHIND, now + AHEAD)}
    of_shift = select(hours).where(hours.shift_id == shift.id, hours.ends_at > now, ~hours.kept)
    # Held: who takes one in this very instant has it, or hears that it is gone.
    of_shift = of_shift.with_for_update(of=hours).execution_options(populate_existing=True)
    for row in cast("Sequence[DutyHours | ShiftHours]", session.scalars(of_shift).all()):
        date = dates.get(row.occurs_local) if row.occurs_local is not None else None
        if date is not None:
            for name, value in as_planned(shift, date, without).items():
                setattr(row, name, value)
        elif row.person_id == shift.person_id:
            session.delete(row)
    lay_out(session, shift, zone, now)


def _due_for_layout(zone: ZoneInfo, now: datetime) -> Select[Shift]:
    enough = wall(now + AHEAD - RENEWED, zone).date()
    due = or_(Shift.laid_out_until.is_(None), Shift.laid_out_until < enough)
    return select(Shift).where(due, Shift.ended_at.is_(None)).limit(200)


def is_lay_out_due(zone: ZoneInfo, now: datetime) -> ColumnElement[bool]:
    return _due_for_layout(zone, now).exists()


def lay_out_due(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Lay out shifts that aren't for the coming weeks; the next time what somebody changes or ends in this instant."""
    held = _due_for_layout(zone, now).with_for_update(skip_locked=True, of=Shift, key_share=True)
    for shift in session.scalars(held.execution_options(populate_existing=True)).all():
        lay_out(session, shift, zone, now)
