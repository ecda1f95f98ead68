"""Instants and lengths as people say them: near ones relative and exact, far ones with their weekday. Pure."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from dashboard.tongue import gettext as _
from dashboard.tongue import language

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK_DAYS = 7


def lasting(seconds: float) -> str:
    """A length in whole minutes: "4 min", "1 h 10 min"."""
    minutes = int(seconds // MINUTE)
    if minutes < 1:
        return _("less than a minute")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=minutes)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)


def ago(seconds: float) -> str:
    """How far an instant is from now, of which it is `seconds` in the past or, if negative, in the future.

    What is to come is rounded up: an appointment in a minute and a half is "in 2 min".
    """
    if 0 <= seconds < MINUTE:
        return _("now")
    apart = seconds if seconds > 0 else math.ceil(-seconds / MINUTE) * MINUTE
    span = lasting(apart) if apart < HOUR else _("%(hours)s h", hours=round(apart / HOUR))
    return _("%(span)s ago", span=span) if seconds > 0 else _("in %(span)s", span=span)


def day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day as "today", "yesterday", "Tuesday", and beyond a week as `dated`."""
    apart = _days_apart(at, now, zone)
    if -1 <= apart <= 1:
        return (_("yesterday"), _("today"), _("tomorrow"))[apart + 1]
    if abs(apart) < WEEK_DAYS:
        return weekday(at.astimezone(zone))
    return dated(at, now, zone)


def _days_apart(at: datetime, now: datetime, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).date() - now.astimezone(zone).date()).days


def weekday(local: date) -> str:
    """The day's name, such as "Tuesday"."""
    return format_date(local, "EEEE", locale=language())


def day_of_month(local: date) -> str:
    """Such as "3 November"."""
    return _("%(day)s %(month)s", day=local.day, month=format_date(local, "MMMM", locale=language()))


def full_date(local: date, *, with_year: bool = True) -> str:
    """Such as "Tuesday 3 November 2026"."""
    told = _("%(weekday)s %(date)s", weekday=weekday(local), date=day_of_month(local))
    return _("%(date)s %(year)s", date=told, year=local.year) if with_year else told


def dated(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day as "Tuesday 3 November", with the year if it isn't this one."""
    local = at.astimezone(zone)
    return full_date(local, with_year=local.year != now.astimezone(zone).year)


def clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The time as "14:30" of today, otherwise with its day: "tomorrow 09:00"."""
    if _days_apart(at, now, zone) == 0:
        return clock(at, zone)
    return _("%(day)s %(time)s", day=day(at, now, zone), time=clock(at, zone))


def on(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Within a sentence: "today 14:30", "on Tuesday 14:30", "on Sunday 8 November 14:30"."""
    named, time = day(at, now, zone), clock(at, zone)
    if abs(_days_apart(at, now, zone)) <= 1:
        return _("%(day)s %(time)s", day=named, time=time)
    return _("on %(day)s %(time)s", day=named, time=time)


def near(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Relative and exact within half a day ("in 20 min, 14:30"), otherwise exact with the day."""
    apart = now - at
    if abs(apart) >= timedelta(hours=12):
        return moment(at, now, zone)
    return _("%(relative)s, %(exact)s", relative=ago(apart.total_seconds()), exact=moment(at, now, zone))


@dataclass(frozen=True)
class Moment:
    """Now, by somebody's clock."""

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
