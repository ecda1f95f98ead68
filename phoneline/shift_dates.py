"""One date of a shift: changed by itself, or called off. The shift itself stays as it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import holidays, roster_changes, rosters, shift_checks, shift_notices, shift_rows, shift_rules
from phoneline.live_settings import LiveSettings
from phoneline.models import Shift, ShiftHours
from phoneline.recurrence import instant
from phoneline.roster_changes import By, Whose
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft, Replaced
from phoneline.shift_faults import Fault, Problem, ShiftRefusedError
from phoneline.shift_rows import Hours


def row_of(session: Session, shift: Shift, occurs_local: datetime, live: LiveSettings, now: datetime) -> Hours:
    """The hours of this date, held; laid out now if it is far ahead."""
    hours = rosters.hours_of(shift)
    held = select(hours).where(hours.shift_id == shift.id, hours.occurs_local == occurs_local)
    held = held.with_for_update(of=hours, key_share=True).execution_options(populate_existing=True)
    found = cast("Hours | None", session.scalars(held).one_or_none())
    row = found or _made(session, shift, occurs_local, live)
    if row.ends_at <= now and not (row.off and row.starts_at > now):
        raise ShiftRefusedError(Problem("occurs_local", Fault.IS_OVER))
    return row


def _made(session: Session, shift: Shift, occurs_local: datetime, live: LiveSettings) -> Hours:
    date = shift_rules.planned(shift.starts_local, shift.ends_local, occurs_local, live.home.zone)
    planned = rosters.as_planned(shift, date, holidays.without_shifts(session, shift))
    row: Hours = rosters.hours_of(shift)(**planned, person_id=shift.person_id)
    session.add(row)
    session.flush()
    return row


def change(
    session: Session, shift: Shift, occurs_local: datetime, draft: Draft, by: By, live: LiveSettings, now: datetime
) -> Shift:
    """This date as the draft says, whatever its shift says."""
    row = row_of(session, shift, occurs_local, live, now)
    draft = replace(draft, rrule="")
    _check(row, shift, draft, live, now)
    shift_checks.must_hold(session, draft, live, now, shift, Replaced({row.id}))
    before = _picture(row, shift)
    whose, was = Whose(row.person_id, draft.person_id), _as_it_is(row)
    row.starts_at, row.ends_at = (instant(one, live.home.zone) for one in (draft.starts_local, draft.ends_local))
    row.tier, row.off = draft.tier, False
    if isinstance(row, ShiftHours):
        row.person_id, row.shadow = draft.person_id, draft.shadow
    elif draft.person_id is not None:
        row.person_id = draft.person_id
    if whose.before == whose.after and _as_it_is(row) == was:
        return shift
    act = RosterAct.GIVEN if _as_it_is(row) == was else RosterAct.CHANGED
    row.kept = _differs(session, row, shift, live)
    if isinstance(row, ShiftHours):
        row.confirmed_at = None
    _told(session, shift, row, _Done(act, whose, before), by, live, now)
    return shift


def cancel(session: Session, shift: Shift, occurs_local: datetime, by: By, live: LiveSettings, now: datetime) -> None:
    """Nobody is on for this date any more; under way, it ends now."""
    row = row_of(session, shift, occurs_local, live, now)
    if row.off and row.kept:
        return
    before = _picture(row, shift)
    row.kept = True
    if row.starts_at <= now:
        row.ends_at = now
    else:
        row.off, row.ends_at = True, row.starts_at
    _told(session, shift, row, _Done(RosterAct.ENDED, Whose(row.person_id, None), before), by, live, now)


def _check(row: Hours, shift: Shift, draft: Draft, live: LiveSettings, now: datetime) -> None:
    if draft.duty is not shift.duty:
        raise ShiftRefusedError(Problem("duty", Fault.OF_ALL))
    starts_at, ends_at = (instant(one, live.home.zone) for one in (draft.starts_local, draft.ends_local))
    if ends_at <= now:
        raise ShiftRefusedError(Problem("ends_local", Fault.ENDS_BY_NOW))
    if row.starts_at <= now and (starts_at, draft.person_id, draft.tier) != (row.starts_at, row.person_id, row.tier):
        raise ShiftRefusedError(Problem("starts_local", Fault.HAS_BEGUN))


def _as_it_is(row: Hours) -> tuple[object, ...]:
    return row.starts_at, row.ends_at, row.tier, row.off, isinstance(row, ShiftHours) and row.shadow


def _differs(session: Session, row: Hours, shift: Shift, live: LiveSettings) -> bool:
    """Whether it is otherwise than its shift says, but for whose it is."""
    if row.occurs_local is None:
        return True
    date = shift_rules.planned(shift.starts_local, shift.ends_local, row.occurs_local, live.home.zone)
    planned = rosters.as_planned(shift, date, holidays.without_shifts(session, shift))
    return any(getattr(row, name) != value for name, value in planned.items())


def _picture(row: Hours, shift: Shift) -> shift_rows.Written:
    """This date alone, for undoing."""
    return {"shifts": [shift_rows.state(shift)], "hours": [shift_rows.written(row)], "only": True}


@dataclass(frozen=True)
class _Done:
    """What was done to a date, and how it was before."""

    act: RosterAct
    whose: Whose
    before: shift_rows.Written


def _told(session: Session, shift: Shift, row: Hours, done: _Done, by: By, live: LiveSettings, now: datetime) -> None:
    session.flush()
    about = row if isinstance(row, ShiftHours) else shift
    noted = roster_changes.note(session, done.act, by, now, about, done.whose, done.before)
    # What is gone is spoken of as it was; a shift has no time of its own.
    was = done.before["hours"][0] if done.act is RosterAct.ENDED else shift_rows.written(row)
    noted.starts_at, noted.ends_at = (datetime.fromisoformat(was[name]) for name in ("starts_at", "ends_at"))
    shift_notices.tell_of(session, done.before["hours"], [shift_rows.written(row)], noted, live, now)
