"""Instants and lengths as people say them: near ones relative and exact, far ones with their weekday. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK_DAYS = 7


def lasting(seconds: float) -> str:
    """A length in whole minutes: "4 min", "1 h 10 min"."""
    minutes = int(seconds // MINUTE)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def ago(seconds: float) -> str:
    """How far an instant is from now, of which it is `seconds` in the past or, if negative, in the future.

    What is to come is rounded up: an appointment in a minute and a half is "in 2 min".
    """
    if 0 <= seconds < MINUTE:
        return "now"
    apart = seconds if seconds > 0 else math.ceil(-seconds / MINUTE) * MINUTE
    near = lasting(apart) if apart < HOUR else f"{round(apart / HOUR)} h"
    return f"{near} ago" if seconds > 0 else f"in {near}"


def day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day as "today", "yesterday", "Tuesday", and beyond a week as `dated`."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    apart = (local - today).days
    if -1 <= apart <= 1:
        return ("yesterday", "today", "tomorrow")[apart + 1]
    if abs(apart) < WEEK_DAYS:
        return f"{local:%A}"
    return dated(at, now, zone)


def dated(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day as "Tuesday 3 November", with the year if it isn't this one."""
    local, this_year = at.astimezone(zone), now.astimezone(zone).year
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if local.year != this_year else "")


def clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The time as "14:30" of today, otherwise with its day: "tomorrow 09:00"."""
    named = day(at, now, zone)
    return clock(at, zone) if named == "today" else f"{named} {clock(at, zone)}"


def on(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Within a sentence: "today 14:30", "on Tuesday 14:30", "on Sunday 8 November 14:30"."""
    named = day(at, now, zone)
    relative = named in {"yesterday", "today", "tomorrow"}
    return f"{'' if relative else 'on '}{named} {clock(at, zone)}"


def near(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Relative and exact within half a day ("in 20 min, 14:30"), otherwise exact with the day."""
    apart = now - at
    if abs(apart) >= timedelta(hours=12):
        return moment(at, now, zone)
    return f"{ago(apart.total_seconds())}, {moment(at, now, zone)}"


@dataclass(frozen=True)
class Moment:
    """Now, in the line's zone."""

    now: datetime
    zone: ZoneInfo

    def near(self, at: datetime) -> str:
        return near(at, self.now, self.zone)

    def moment(self, at: datetime) -> str:
        return moment(at, self.now, self.zone)

    def on(self, at: datetime) -> str:
        return on(at, self.now, self.zone)

    def since(self, at: datetime) -> str:
        return lasting((self.now - at).total_seconds())
