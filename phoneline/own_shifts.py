"""A volunteer's own hours: until when they are on, what comes next, and going on shift by themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, matching, roster_changes
from phoneline.models import Person, Shift, ShiftHours
from phoneline.recurrence import spans
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct

BY_THEMSELVES = timedelta(hours=2)
"""Who goes on shift unplanned is on for so long, to the next quarter of an hour."""
WORTH_WHILE = timedelta(minutes=15)
"""Who comes back to a planned shift that ends sooner begins hours of their own."""
SAME_MOMENT = timedelta(seconds=30)
"""Of two requests that come together the one that is first in the database may be the later one by its clock."""
LONGEST_SHIFT = timedelta(days=31)
_QUARTER = timedelta(minutes=15)
_OWN_TIER = 1


@dataclass(frozen=True)
class Stretch:
    """Hours that meet, as one."""

    starts_at: datetime
    ends_at: datetime

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now + SAME_MOMENT


def ahead(session: Session, person_id: str, now: datetime) -> Sequence[Stretch]:
    """The volunteer's hours that haven't ended, in order, but for sitting in; the first may have begun."""
    found: list[Stretch] = []
    for starts_at, ends_at in session.execute(
        select(ShiftHours.starts_at, ShiftHours.ends_at)
        .where(ShiftHours.person_id == person_id, ShiftHours.ends_at > now)
        .where(ShiftHours.starts_at < ShiftHours.ends_at, ~ShiftHours.shadow)
        .order_by(ShiftHours.starts_at)
    ):
        if found and starts_at <= found[-1].ends_at:
            found[-1] = replace(found[-1], ends_at=max(found[-1].ends_at, ends_at))
        else:
            found.append(Stretch(starts_at, ends_at))
    return found


def on_until(session: Session, person_id: str, now: datetime) -> datetime | None:
    """Until when the volunteer is on; None when they are off."""
    first = next(iter(ahead(session, person_id, now)), None)
    return first.ends_at if first is not None and first.has_begun(now) else None


def go_on(session: Session, person: Person, line_zone: ZoneInfo, now: datetime) -> bool:
    """On shift from now: to the end of the planned shift that they had left, else for a while. Again: nothing more.

    It is their own choice, whatever was agreed for planned shifts. But until somebody begins with whom they don't work
    together; and while such a one is on it is False, and nothing has changed.
    """
    apart = matching.apart_from(session, person.id)
    # Two telephones of one volunteer must not begin two stretches.
    assignments.hold_people(session, {person.id, *apart})
    if on_until(session, person.id, now) is not None:
        return True
    ends_at, tier = _left(session, person.id, line_zone, now) or (_quarter_after(now + BY_THEMSELVES), _OWN_TIER)
    other_from = _first_of(session, apart, now, ends_at)
    if other_from is not None and other_from <= now:
        return False
    ends_at = min(ends_at, other_from or ends_at)
    hours = ShiftHours(person_id=person.id, tier=tier, starts_at=now, ends_at=ends_at)
    session.add(hours)
    session.flush()
    roster_changes.note(session, RosterAct.ON, By(person_id=person.id), now, hours)
    return True


def _first_of(session: Session, people: Collection[str], since: datetime, until: datetime) -> datetime | None:
    """When the first of these people is on within [since, until)."""
    if not people:
        return None
    theirs = select(ShiftHours.starts_at).where(ShiftHours.person_id.in_(people), ~ShiftHours.off)
    within = theirs.where(ShiftHours.starts_at < until, ShiftHours.ends_at > since)
    return session.scalars(within.order_by(ShiftHours.starts_at).limit(1)).first()


def _left(session: Session, person_id: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, int] | None:
    """The planned end and the tier of a shift under way that the volunteer went off from."""
    found = session.execute(
        select(ShiftHours, Shift)
        .join(Shift, Shift.id == ShiftHours.shift_id)
        .where(ShiftHours.person_id == person_id)
        .where(ShiftHours.starts_at <= now, ShiftHours.ends_at > now - LONGEST_SHIFT)
    ).all()
    planned = [
        (ends_at, hours.tier)
        for hours, shift in found
        for starts_at, ends_at in spans(shift.starts_local, shift.ends_local, shift.rrule, zone, now, now + _QUARTER)
        if starts_at == hours.starts_at and ends_at >= now + WORTH_WHILE
    ]
    return max(planned, default=None)


def _quarter_after(at: datetime) -> datetime:
    quarter = _QUARTER.total_seconds()
    return at + timedelta(seconds=-at.timestamp() % quarter)
