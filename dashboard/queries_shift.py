"""One shift, one of its dates, and what was done to it last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard import queries_people
from phoneline import rosters, shift_plans, shift_rules
from phoneline.live_settings import LiveSettings
from phoneline.models import DutyHours, Shift, ShiftHours
from phoneline.recurrence import instant, wall
from phoneline.shift_checks import Draft
from phoneline.states import Role

Named = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Team:
    """Ids and names of those who can have a shift, by name."""

    volunteers: Named
    coordinators: Named

    def name(self, person_id: str | None) -> str:
        return dict([*self.volunteers, *self.coordinators]).get(person_id or "", "")


def team(session: Session) -> Team:
    return Team(queries_people.named(session, Role.VOLUNTEER, ""), queries_people.named(session, Role.COORDINATOR, ""))


@dataclass(frozen=True)
class DateOf:
    """One date of a shift, as it is."""

    on: datetime
    draft: Draft
    """As this date is, with the rule of its shift."""
    starts_at: datetime
    ends_at: datetime
    there: bool
    """The shift has this date."""
    off: bool


def date_of(session: Session, shift: Shift, on: datetime, live: LiveSettings) -> DateOf:
    zone = live.home.zone
    planned = shift_rules.planned(shift.starts_local, shift.ends_local, on, zone)
    draft = replace(shift_plans.as_it_is(shift, on), rrule=shift.rrule)
    row = row_of(session, shift, on)
    there = shift_plans.has_date(shift, on, live)
    if row is None or row.off:
        off = row is not None
        return DateOf(on, draft, planned.starts_at, planned.ends_at, there, off)
    own = replace(
        draft,
        person_id=row.person_id,
        starts_local=wall(row.starts_at, zone),
        ends_local=wall(row.ends_at, zone),
        tier=row.tier,
        shadow=isinstance(row, ShiftHours) and row.shadow,
    )
    return DateOf(on, own, row.starts_at, row.ends_at, there, off=False)


def row_of(session: Session, shift: Shift, on: datetime) -> ShiftHours | DutyHours | None:
    hours = rosters.hours_of(shift)
    found: ShiftHours | DutyHours | None = session.scalars(
        select(hours).filter_by(shift_id=shift.id, occurs_local=on)
    ).one_or_none()  # type: ignore[assignment]  # of either table
    return found


def next_date(shift: Shift, live: LiveSettings, now: datetime) -> datetime:
    """Its next date that hasn't begun, or, where none is to come, its first."""
    zone = live.home.zone
    found = shift_rules.next_date(shift.rrule, shift.starts_local, zone, wall(now, zone))
    if found is None or instant(found, zone) <= now:
        return shift.starts_local
    return found
