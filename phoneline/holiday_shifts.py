"""A holiday kept or taken off the list, and what becomes of that day's shifts; whoever loses or gets hours is told."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, holidays, roster_changes, shift_checks, shift_notices, shift_rows
from phoneline.live_settings import LiveSettings
from phoneline.models import Holiday, RosterChange
from phoneline.roster_changes import By, Whose
from phoneline.roster_states import RosterAct


def keep(
    session: Session, holiday: tuple[date, str], by: By, live: LiveSettings, now: datetime, *, no_shifts: bool
) -> Holiday:
    """The day and its name, from now on."""
    day, name = holiday
    kept = holidays.keep(session, day, name, no_shifts=no_shifts)
    _lay_out(session, day, by, live, now)
    return kept


def take_off(session: Session, day: date, by: By, live: LiveSettings, now: datetime) -> Holiday | None:
    """The day is one like others; what it was, if it was a holiday."""
    found = session.scalars(select(Holiday).where(Holiday.day == day)).one_or_none()
    if found is not None:
        session.delete(found)
        session.flush()
        _lay_out(session, day, by, live, now)
    return found


def _lay_out(session: Session, day: date, by: By, live: LiveSettings, now: datetime) -> None:
    whose = {one.person_id for one, _ in holidays.hours_on(session, day, now) if one.person_id}
    assignments.hold_people(session, whose)
    ends = {one.id: one.ends_at for one, _ in holidays.hours_on(session, day, now)}
    before = [shift_rows.written(one) for one, _ in holidays.hours_on(session, day, now)]
    changed = holidays.lay_out_day(session, day, live.home.zone, now)
    noted: RosterChange | None = None
    for hours in changed:
        # Meanwhile they may have taken something else.
        if not hours.off and shift_checks.refused(session, hours, hours.person_id, live, now):
            hours.person_id = None
        was_whose = None if not hours.off else hours.person_id
        whose_now = None if hours.off else hours.person_id
        act = RosterAct.ENDED if hours.off else RosterAct.CHANGED
        noted = roster_changes.note(session, act, by, now, hours, Whose(was_whose, whose_now))
        if hours.off:
            noted.ends_at = ends[hours.id]
    if noted is not None:
        after = [shift_rows.written(one) for one, _ in holidays.hours_on(session, day, now)]
        shift_notices.tell_of(session, before, after, noted, live, now)
