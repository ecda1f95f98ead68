"""When the line is open, in words: now, and day by day. Pure.

All by the line's own clock, whoever is looking: these are hours that callers are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.times import Moment, day_of_month, full_date
from dashboard.tongue import gettext as _
from dashboard.words import listed
from phoneline.hours import Calendar, ClosedDays
from phoneline.recurrence import instant, wall

DAYS_AHEAD = 7
_FAR = timedelta(days=8)
_LEAP_YEAR = 2024


@dataclass(frozen=True)
class DayLine:
    """One day: which it is, and when the line is open."""

    when: str
    says: str
    is_open: bool


@dataclass(frozen=True)
class ClosedLine:
    name: str
    """As it is written."""
    says: str
    is_over: bool


def now(calendar: Calendar, at: Moment) -> str:
    """Such as "The line is open now until 21:00."."""
    if not calendar.is_open(at.now):
        opens = calendar.next_opening(at.now)
        if opens is None:
            return _("The line is closed, and no hours lie ahead.")
        return _("The line is closed now; it opens %(when)s.", when=at.on(opens))
    ends = _end(calendar, at.now)
    if ends >= at.now + _FAR:
        return _("The line is open at any hour.")
    return _("The line is open now until %(when)s.", when=at.moment(ends))


def _end(calendar: Calendar, since: datetime) -> datetime:
    """When it closes, through all openings that meet."""
    end = since
    for begins, ends in sorted(calendar.openings(since, since + 2 * _FAR)):
        if begins <= end:
            end = max(end, ends)
    return end


def week(calendar: Calendar, at: Moment, holidays: Mapping[date, str]) -> Sequence[DayLine]:
    """Today and the six days after."""
    today = wall(at.now, at.zone).date()
    return [_day(calendar, today + timedelta(days=ahead), at, holidays) for ahead in range(DAYS_AHEAD)]


def _day(calendar: Calendar, day: date, at: Moment, holidays: Mapping[date, str]) -> DayLine:
    begins, ends = (
        instant(datetime.combine(one, datetime.min.time()), at.zone) for one in (day, day + timedelta(days=1))
    )
    found = sorted(one for one in calendar.openings(begins, ends) if begins <= one[0] < ends)
    says = listed([_span(opens, closes, day, at) for opens, closes in found])
    if not says:
        says = _("closed, as you said") if day in calendar.closed else _("closed")
    if day in holidays:
        says = _("%(hours)s (%(holiday)s)", hours=says, holiday=holidays[day])
    named = full_date(day, with_year=False)
    return DayLine(_("Today, %(day)s", day=named) if day == wall(at.now, at.zone).date() else named, says, bool(found))


def _span(opens: datetime, closes: datetime, day: date, at: Moment) -> str:
    first, last = wall(opens, at.zone), wall(closes, at.zone)
    if closes - opens >= timedelta(hours=23) and first.time() == last.time():
        return (
            _("all day") if not first.hour and not first.minute else _("24 hours from %(time)s", time=f"{first:%H:%M}")
        )
    if last.date() > day and (last.hour or last.minute):
        return _("%(opens)s to %(closes)s in the night", opens=f"{first:%H:%M}", closes=f"{last:%H:%M}")
    until = "24:00" if last.date() > day else f"{last:%H:%M}"
    return _("%(opens)s to %(closes)s", opens=f"{first:%H:%M}", closes=until)


def closed(days: ClosedDays, today: date) -> Sequence[ClosedLine]:
    return [_closed(name, today) for name in days.names()]


def _closed(name: str, today: date) -> ClosedLine:
    if name[4:5] == "-":
        day = date.fromisoformat(name)
        return ClosedLine(name, full_date(day), day < today)
    yearly = day_of_month(date.fromisoformat(f"{_LEAP_YEAR}-{name}"))
    return ClosedLine(name, _("%(day)s, every year", day=yearly), is_over=False)
