"""Rules of shifts: which dates they have, how often, and what is left of one that goes on in another. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from phoneline import recurrence
from phoneline.recurrence import Occurrence, instant

LONGEST = timedelta(days=31)
MOST_A_DAY = 24
"""Nobody has more shifts a day than hours: what comes more often is a rule that went wrong."""
_LOOKED_AT = 200
_DAY = timedelta(days=1)
_COUNT = re.compile(r"COUNT=(\d+)", re.IGNORECASE)
_BYDAY = re.compile(r"BYDAY=([A-Z,]+)(?=;|$)", re.IGNORECASE)
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def comes_too_often(rrule: str, starts_local: datetime, zone: ZoneInfo) -> bool:
    """Whether a rule without other faults has more dates a day than anybody can mean."""
    if not rrule.strip():
        return False
    since = instant(starts_local, zone)
    starts = list(islice(recurrence.local_starts(starts_local, rrule, zone, since), _LOOKED_AT))
    return any(later - start < _DAY for start, later in zip(starts, starts[MOST_A_DAY:], strict=False))


def meets_itself(starts_local: datetime, ends_local: datetime, rrule: str, zone: ZoneInfo) -> bool:
    """Whether one date of a rule without other faults begins before the one before it is over."""
    if not rrule.strip():
        return False
    starts = list(islice(recurrence.local_starts(starts_local, rrule, zone, instant(starts_local, zone)), _LOOKED_AT))
    return any(later - start < ends_local - starts_local for start, later in pairwise(starts))


def next_date(rrule: str, starts_local: datetime, zone: ZoneInfo, since_local: datetime) -> datetime | None:
    """The first date of the rule that isn't before `since_local`."""
    for start in recurrence.local_starts(starts_local, rrule, zone, instant(since_local, zone) - _DAY):
        if start >= since_local:
            return start
    return None


def has_date_before(rrule: str, starts_local: datetime, zone: ZoneInfo, until_local: datetime) -> bool:
    first = next(iter(recurrence.local_starts(starts_local, rrule, zone, instant(starts_local, zone))), None)
    return first is not None and first < until_local


def rest_of(rrule: str, starts_local: datetime, zone: ZoneInfo, since_local: datetime) -> str:
    """The same rule as it goes on from one of its dates: of a number of times those are left that haven't been."""
    found = _COUNT.search(rrule)
    if found is None:
        return rrule
    been = 0
    for start in recurrence.local_starts(starts_local, rrule, zone, instant(starts_local, zone)):
        if start >= since_local:
            break
        been += 1
    return _COUNT.sub(f"COUNT={max(int(found[1]) - been, 1)}", rrule)


def days_later(rrule: str, days: int) -> str | None:
    """The rule with its weekdays so many days later; None where another day takes another rule."""
    if not rrule.strip() or days % 7 == 0:
        return rrule
    if "\n" in rrule.strip() or "BYSETPOS" in rrule.upper() or re.search(r"BY(MONTH|YEAR|WEEK)", rrule, re.IGNORECASE):
        return None
    if not re.search(r"FREQ=(DAILY|WEEKLY)", rrule, re.IGNORECASE):
        return None
    return _BYDAY.sub(lambda found: f"BYDAY={_rotated(found[1], days)}", rrule)


def _rotated(names: str, days: int) -> str:
    moved = {(_NAMES.index(name) + days) % 7 for name in names.upper().split(",") if name in _NAMES}
    return ",".join(_NAMES[day] for day in sorted(moved))


def planned(starts_local: datetime, ends_local: datetime, occurs_local: datetime, zone: ZoneInfo) -> Occurrence:
    """What the shift of these times comes to on one of its dates. Nothing may be left of it in a change of clocks."""
    length = ends_local - starts_local
    return Occurrence(occurs_local, instant(occurs_local, zone), instant(occurs_local + length, zone))


def by_day(dates: Sequence[Occurrence]) -> dict[date, list[Occurrence]]:
    """The dates of each local day, in order."""
    found: dict[date, list[Occurrence]] = {}
    for one in dates:
        found.setdefault(one.local.date(), []).append(one)
    return found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
