"""A volunteer says that they will come: of all hours that meet, once, however often and by whichever way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import roster_changes, rosters
from phoneline.models import ShiftHours
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct

LONGEST = timedelta(days=3)
"""Hours that meet are looked for so far on."""


def stretch(session: Session, hours: ShiftHours) -> Sequence[ShiftHours]:
    """These hours, and the same person's that follow on them without a break."""
    found = [hours]
    if hours.person_id is not None:
        for one in rosters.ahead(session, hours.starts_at, hours.starts_at + LONGEST, hours.person_id):
            if hours.starts_at < one.starts_at <= max(each.ends_at for each in found):
                found.append(one)
    return found


def confirm(session: Session, person_id: str, hours_id: str, now: datetime) -> ShiftHours | None:
    """The hours, if they are theirs and not over. Again changes nothing."""
    held = select(ShiftHours).where(ShiftHours.id == hours_id, ShiftHours.person_id == person_id)
    held = held.where(~ShiftHours.off, ShiftHours.ends_at > now).with_for_update(of=ShiftHours, key_share=True)
    hours = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if hours is None:
        return None
    for one in stretch(session, hours):
        if one.confirmed_at is None:
            one.confirmed_at = now
            roster_changes.note(session, RosterAct.CONFIRMED, By(person_id=person_id), now, one)
    return hours
