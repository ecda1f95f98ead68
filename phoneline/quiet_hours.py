"""When a peer is not to be rung. Pure: the instant, the zone and the two windows are arguments."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
_STEP = timedelta(minutes=1)
_LONGEST = timedelta(days=3)


@dataclass(frozen=True)
class Window:
    """From `start` until before `end` by the wall clock; past midnight when `end` is not later. Empty when equal."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


WANTED = "must be two times of day, such as 20:00-09:00"


def window(text: str) -> Window:
    """Read `HH:MM-HH:MM`. ValueError says what is accepted."""
    start, _, end = text.partition("-")
    try:
        return Window(_clock_time(start), _clock_time(end))
    except ValueError as error:
        raise ValueError(WANTED) from error


def _clock_time(text: str) -> time:
    hours, _, minutes = text.strip().partition(":")
    return time(int(hours), int(minutes))


def is_quiet(at: datetime, zone: ZoneInfo, weekday: Window, weekend: Window) -> bool:
    """Whether `at` lies in quiet hours. Each instant is judged by its own local weekday: Saturday 09:30 is weekend."""
    local = at.astimezone(zone)
    return (weekend if local.weekday() >= SATURDAY else weekday).holds(local.time())


def quiet_until(at: datetime, zone: ZoneInfo, weekday: Window, weekend: Window) -> datetime | None:
    """The first instant from `at` on that is not quiet, `at` itself if it isn't; None if three days have none.

    Windows begin and end on whole minutes, so looking at whole minutes misses nothing.
    """
    if not is_quiet(at, zone, weekday, weekend):
        return at
    moment = at.replace(second=0, microsecond=0)
    while moment - at < _LONGEST:
        moment += _STEP
        if not is_quiet(moment, zone, weekday, weekend):
            return moment
    return None


def quiet_since(at: datetime, zone: ZoneInfo, weekday: Window, weekend: Window) -> datetime | None:
    """When the quiet hours began that hold at `at`; None if that is more than three days ago."""
    moment = at.replace(second=0, microsecond=0)
    while at - moment < _LONGEST:
        if not is_quiet(moment - _STEP, zone, weekday, weekend):
            return moment
        moment -= _STEP
    return None
