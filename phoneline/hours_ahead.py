"""Whether somebody is still expected on the roster for what they are: a role isn't taken off whoever is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import rosters
from phoneline.models import DutyHours, Person, Shift, ShiftHours
from phoneline.states import Duty, Role

DUTY_OF: Mapping[Role, Duty] = {Role.VOLUNTEER: Duty.CALLS, Role.COORDINATOR: Duty.COORDINATOR}
_FAR = timedelta(days=400)
"""A shift that has no date so long has none any more."""


def roles_needed(
    session: Session, person: Person, wanted: Collection[Role], line_zone: ZoneInfo, now: datetime
) -> Sequence[Role]:
    """Those of their roles that are to be taken off while hours of these are still ahead."""
    taken_off = (role for role in DUTY_OF if person.has(role) and role not in wanted)
    return [role for role in taken_off if _is_expected(session, person.id, DUTY_OF[role], line_zone, now)]


def _is_expected(session: Session, person_id: str, duty: Duty, line_zone: ZoneInfo, now: datetime) -> bool:
    hours = ShiftHours if duty is Duty.CALLS else DutyHours
    laid_out = select(hours.id).where(hours.person_id == person_id, hours.ends_at > now, ~hours.off)
    if session.scalars(laid_out.limit(1)).first() is not None:
        return True
    # Each date that is laid out may be somebody else's: those that follow would be theirs.
    going_on = select(Shift).where(
        Shift.person_id == person_id, Shift.duty == duty, Shift.ended_at.is_(None), Shift.rrule != ""
    )
    return any(rosters.dates_of(shift, line_zone, now, now + _FAR) for shift in session.scalars(going_on))
