"""Whether shifts out of a spreadsheet break what their people agreed to. What overlaps is no matter here."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from phoneline import shift_refusals, shift_rows, work_limits
from phoneline.home import Home
from phoneline.live_settings import LiveSettings
from phoneline.models import Shift, ShiftHours, Unavailable, WorkLimit
from phoneline.recurrence import wall
from phoneline.shift_faults import Problem


def broken(session: Session, shifts: Iterable[tuple[int, Shift]], zone: ZoneInfo, now: datetime) -> dict[int, str]:
    """By row number, what is wrong with shifts that are laid out by now: those of people who have limits."""
    limited = set(session.scalars(union(select(WorkLimit.person_id), select(Unavailable.person_id))))
    theirs = [(number, shift) for number, shift in shifts if shift.person_id in limited]
    found = {number: _problem(session, shift, zone, now) for number, shift in theirs}
    return {number: problem for number, problem in found.items() if problem}


def _problem(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> str:
    rows = [row for row in shift_rows.to_come(session, shift, now) if isinstance(row, ShiftHours) and not row.off]
    mine = [row for row in rows if row.person_id == shift.person_id]
    if not mine or shift.person_id is None:
        return ""
    around = (min(row.starts_at for row in mine), max(row.ends_at for row in mine))
    who = shift_refusals.standing(session, shift.person_id, around, LiveSettings(home=Home(zone)))
    for row in mine:
        others = [span for hours_id, span in who.held.items() if hours_id != row.id]
        why = work_limits.broken(who.limits, others, who.away, (row.starts_at, row.ends_at), zone)
        if why is not None:
            return f"can't be: they {Problem('phone', why, wall(row.starts_at, zone)).reason}"
    return ""
