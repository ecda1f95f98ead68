"""From a rule in somebody's wall-clock time to instants. Pure: rule, zone and range are arguments.

Rules are RFC 5545 RRULEs whose DTSTART is a wall-clock time without offset. A time that the clocks skip is moved by the
length of the gap; one that they repeat is its first occurrence. Ends and starts are turned into instants by the same
function, so two shifts that meet on the clock meet in time.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

_UNTIL_UTC = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)
_STEP = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_FREQ = re.compile(r"FREQ=(HOURLY|DAILY|WEEKLY)", re.IGNORECASE)
_INTERVAL = re.compile(r"INTERVAL=(\d+)", re.IGNORECASE)
_STEPS = re.compile(r"INTERVAL=([^;\s]*)", re.IGNORECASE)
_MONTHS = re.compile(r"BYMONTH=([\d,]+)", re.IGNORECASE)
_MONTH_DAYS = re.compile(r"BYMONTHDAY=([-+\d,]+)", re.IGNORECASE)
_PARTS = re.compile(r"(BY[A-Z]+)=([^;\s]*)", re.IGNORECASE)
_BOUNDS = {
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYSETPOS": (1, 366),
}
_EACH = re.compile(r"MO|TU|WE|TH|FR|SA|SU", re.IGNORECASE)
_EACH_NTH = re.compile(r"([-+]?0?[1-9]|[-+]?[1-4]\d|[-+]?5[0-3])?(MO|TU|WE|TH|FR|SA|SU)", re.IGNORECASE)
_BY_MONTH_OR_YEAR = re.compile(r"FREQ=(MONTHLY|YEARLY)", re.IGNORECASE)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_STEPS = 1000
"""Of a rule's steps none is so many days, weeks, months or years long; one of none at all never gets on."""
_LONGEST_PATTERN = timedelta(days=366 * 41)
"""Each of the calendar's patterns has come about by then."""
_GAP = timedelta(days=1)
"""No change of clocks moves a time further."""
_MEND = "write it like FREQ=WEEKLY;BYDAY=MO"


class RuleFault(Enum):
    """Why a text is no rule that we can follow, and how to mend it."""

    NEVER = f"the rule never comes about; {_MEND}"
    TOO_FAST = f"FREQ must be HOURLY or slower; {_MEND}"
    WITH_START = f"leave DTSTART out: starts_at takes its place; {_MEND}"
    STEPS_TOO_LONG = f"INTERVAL must be from 1 to {MOST_STEPS}; {_MEND}"
    UNREADABLE = f"not an RFC 5545 rule; {_MEND}"


class RuleError(ValueError):
    """The text is no rule that we can follow."""

    def __init__(self, why: RuleFault) -> None:
        self.why = why
        super().__init__(why.value)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time in `zone`."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall-clock time of an instant in `zone`, without offset."""
    return at.astimezone(zone).replace(tzinfo=None)


def day_around(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day of an instant in `zone`, as the half-open stretch between two midnights."""
    midnight = wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant(midnight, zone), instant(midnight + timedelta(days=1), zone)


def check_rule(text: str, starts_local: datetime, zone: ZoneInfo) -> None:
    """RuleError if the rule can't be read, fires more often than hourly, or never fires."""
    if first_start(text, starts_local, zone) is None:
        raise RuleError(RuleFault.NEVER)


def first_start(text: str, starts_local: datetime, zone: ZoneInfo) -> datetime | None:
    """The wall-clock time at which the rule first fires; None if never. RuleError if it can't be read."""
    rule = _rule(text, starts_local, zone)
    if not all(_may_be(name, values, text) for name, values in _PARTS.findall(text)):
        raise RuleError(RuleFault.UNREADABLE)
    if isinstance(rule, rrule) and "UNTIL" not in text.upper():
        # Looking on to the calendar's end takes many seconds.
        rule = rule.replace(count=None, until=starts_local + _LONGEST_PATTERN)
    try:
        return next(iter(rule), None)
    except IndexError as error:
        # A 53rd Monday of a month is more than the library can count to.
        raise RuleError(RuleFault.UNREADABLE) from error


def _may_be(name: str, values: str, text: str) -> bool:
    """Whether there can be such hours, days or months. In vain the library looks for them for many seconds."""
    if name.upper() == "BYDAY":
        weekday = _EACH_NTH if _BY_MONTH_OR_YEAR.search(text) else _EACH
        return all(weekday.fullmatch(one) for one in values.split(","))
    least, most = _BOUNDS.get(name.upper(), (0, 999))
    numbers = [one.lstrip("+-") if least else one for one in values.split(",")]
    return all(one.isdecimal() and least <= int(one[:4]) <= most for one in numbers)


def _rule(text: str, starts_local: datetime, zone: ZoneInfo) -> rrule | rruleset:
    if _TOO_OFTEN.search(text):
        raise RuleError(RuleFault.TOO_FAST)
    if "DTSTART" in text.upper():
        raise RuleError(RuleFault.WITH_START)
    if any(not (one.isdecimal() and 1 <= int(one[:9]) <= MOST_STEPS) for one in _STEPS.findall(text)):
        raise RuleError(RuleFault.STEPS_TOO_LONG)
    if not _has_a_day(text):
        raise RuleError(RuleFault.NEVER)

    def in_zone(found: re.Match[str]) -> str:
        until = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={wall(until, zone):%Y%m%dT%H%M%S}"

    try:
        return rrulestr(_UNTIL_UTC.sub(in_zone, text.strip()), dtstart=starts_local, cache=False)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        # What the library says of it is for programmers.
        raise RuleError(RuleFault.UNREADABLE) from error


def _has_a_day(text: str) -> bool:
    """Whether one of its months can have one of its days. To find out by looking takes the library many seconds."""
    months, days = _MONTHS.search(text), _MONTH_DAYS.search(text)
    if days is None:
        return True
    lengths = [
        _LENGTHS[int(one[:3]) - 1]
        for one in (months[1].split(",") if months else ())
        if one and 1 <= int(one[:3]) <= 12  # noqa: PLR2004 - a year's months
    ]
    longest = max(lengths, default=max(_LENGTHS))
    numbers = (one.lstrip("+-")[:3] for one in days[1].split(","))
    return any(one.isdecimal() and 1 <= int(one) <= longest for one in numbers)


def local_starts(starts_local: datetime, text: str, zone: ZoneInfo, since: datetime) -> Iterator[datetime]:
    """The wall-clock starts in order, perhaps without those whose instants lie before `since`; it may never end.

    Just `starts_local` when there is no rule.
    """
    if not text.strip():
        return iter([starts_local])
    return iter(_rule(text, _nearer(starts_local, text, wall(since, zone) - _GAP), zone))


def _nearer(starts_local: datetime, text: str, since_local: datetime) -> datetime:
    """A later DTSTART before `since_local` from which the rule goes on just the same.

    What began years ago would else be gone through from its first day, which takes seconds. Rules with a COUNT are.
    """
    found = _FREQ.search(text)
    if found is None or "COUNT=" in text.upper() or "\n" in text.strip():
        return starts_local
    interval = _INTERVAL.search(text)
    steps = int(interval[1]) if interval else 1
    if not 1 <= steps <= MOST_STEPS:
        return starts_local
    step = _STEP[found[1].upper()] * steps
    # One step more: a first week is incomplete.
    return starts_local + max(0, (since_local - starts_local) // step - 1) * step


def due_instants(starts_local: datetime, text: str, zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """The instants in [since, until), ascending and each once."""
    found: dict[datetime, None] = {}
    last = wall(until, zone) + _GAP
    for start in local_starts(starts_local, text, zone, since):
        if start > last:
            break
        at = instant(start, zone)
        if since <= at < until:
            found[at] = None
    return sorted(found)


class Occurrence(NamedTuple):
    """One date of a rule: its wall-clock start by the rule, and the half-open stretch that this comes to."""

    local: datetime
    starts_at: datetime
    ends_at: datetime


def occurrences(
    starts_local: datetime, ends_local: datetime, text: str, zone: ZoneInfo, since: datetime, until: datetime
) -> list[Occurrence]:
    """The dates that start before `until` and end after `since`. Lengths are of the wall clock."""
    length = ends_local - starts_local
    found = []
    last = wall(until, zone) + _GAP
    for start in local_starts(starts_local, text, zone, since - length):
        if start > last:
            break
        begins, ends = instant(start, zone), instant(start + length, zone)
        if begins < until and ends > since and begins < ends:
            found.append(Occurrence(start, begins, ends))
    return found


def spans(
    starts_local: datetime, ends_local: datetime, text: str, zone: ZoneInfo, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches of `occurrences`."""
    return [(one.starts_at, one.ends_at) for one in occurrences(starts_local, ends_local, text, zone, since, until)]
