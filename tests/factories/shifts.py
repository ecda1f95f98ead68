"""Shifts, how many people they need, and reminders of them."""

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from phoneline import (
    rosters,
)
from phoneline.models import (
    CoverNeed,
    Person,
    ReminderCall,
    Shift,
    ShiftCallStop,
    ShiftHours,
    ShiftReminder,
)
from phoneline.reminder_states import ReminderKind, ReminderState
from phoneline.states import (
    LegPurpose,
)
from tests.factories.calls import leg
from tests.factories.constants import TORONTO


def shift(session: Session, who: Person | None, starts: datetime, ends: datetime, now: datetime, **given: Any) -> Shift:
    """A shift in Toronto's wall-clock time, laid out; open without a person."""
    made = Shift(person_id=who.id if who else None, starts_local=starts, ends_local=ends, **given)
    session.add(made)
    session.flush()
    rosters.lay_out(session, made, TORONTO, now)
    return made


def cover_need(session: Session, now: datetime, **given: Any) -> CoverNeed:
    """One person at any time, unless told otherwise."""
    week = {"days": 127, "starts": time(), "ends": time(), "minimum": 1, "wished": 1, "made_at": now}
    made = CoverNeed(**week | given)
    session.add(made)
    session.flush()
    return made


def reminder(session: Session, of: ShiftHours, who: Person, now: datetime) -> None:
    """Somebody is being called about a shift, and wants no more such calls."""
    made = ShiftReminder(hours_id=of.id, person_id=who.id, kind=ReminderKind.DAY_BEFORE, starts_at=of.starts_at)
    made.state, made.due_at = ReminderState.CALLING, now
    rung = leg(session, now, purpose=LegPurpose.REMINDER, number=who.numbers[0].number)
    made.calls = [ReminderCall(leg_id=rung.id, at=now)]
    session.add_all([made, ShiftCallStop(person_id=who.id, since=now)])
    session.flush()
