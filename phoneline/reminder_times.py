"""When somebody is reminded of a shift, and what comes next. Pure: instants, and what is quiet, are arguments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from phoneline.quiet_hours import Window, is_quiet, quiet_since, quiet_until
from phoneline.reminder_states import ReminderKind

DAY_BEFORE = timedelta(hours=24)
SOON = timedelta(minutes=15)
EVENING = timedelta(hours=1)
"""What would fall into quiet hours comes so long before they begin: time for an answer is left."""
ANSWER = timedelta(hours=1)
"""So long after the text they are called, if they haven't answered."""
CALL_AGAIN = timedelta(hours=3)
MOST_CALLS = 2
UNANSWERED = timedelta(hours=12)
"""Who answered neither the text nor the calls by then is stood in for, if anybody can."""
LAST_ANSWER = timedelta(minutes=5)
"""Who never confirmed is stood in for so long after the last reminder."""


@dataclass(frozen=True)
class Quiet:
    """When somebody is not to be rung or texted: the line's quiet hours, where they are."""

    zone: ZoneInfo
    weekday: Window
    weekend: Window

    def holds(self, at: datetime) -> bool:
        return is_quiet(at, self.zone, self.weekday, self.weekend)

    def before(self, at: datetime) -> datetime | None:
        """`at`, or the evening before the quiet hours that it falls into; None if there is none in three days."""
        if not self.holds(at):
            return at
        began = quiet_since(at, self.zone, self.weekday, self.weekend)
        return began and began - min(EVENING, self._free_before(began))

    def _free_before(self, began: datetime) -> timedelta:
        """Where the quiet hours before these ended later than that, in the middle of what lies between."""
        free = EVENING
        while self.holds(began - free):
            free /= 2
        return free

    def after(self, at: datetime) -> datetime | None:
        return quiet_until(at, self.zone, self.weekday, self.weekend)


def due(kind: ReminderKind, starts_at: datetime, now: datetime, quiet: Quiet) -> datetime | None:
    """When to remind of hours that begin then; None if that can't be before they begin."""
    wished = starts_at - (DAY_BEFORE if kind is ReminderKind.DAY_BEFORE else SOON)
    evening = quiet.before(wished)
    if evening is None:
        return None
    # Where the evening has gone it is the morning after: what was just laid out rings nobody at once.
    found = quiet.after(evening if evening >= now else max(wished, now))
    return found if found is not None and found < starts_at else None


class Step(Enum):
    """What is done when nobody has answered yet."""

    CALL = "call"
    STAND_IN = "stand_in"
    """Others are asked."""
    WAIT = "wait"


def next_step(
    kind: ReminderKind, starts_at: datetime, now: datetime, *, asked_at: datetime, calls: int, may_call: bool
) -> tuple[Step, datetime | None]:
    """What to do about hours that aren't confirmed, and until when that can wait."""
    if kind is ReminderKind.SOON:
        if may_call and calls == 0:
            return Step.CALL, None
        last = min(asked_at + LAST_ANSWER, starts_at)
        return (Step.STAND_IN, None) if calls or now >= last else (Step.WAIT, last)
    given_up = starts_at - UNANSWERED
    if may_call and calls < MOST_CALLS and now < starts_at - 2 * SOON:
        return Step.CALL, None
    if calls < MOST_CALLS:
        # Texts alone, or too late to ring: the last reminder settles it.
        return Step.WAIT, None
    return (Step.STAND_IN, None) if now >= given_up else (Step.WAIT, given_up)
