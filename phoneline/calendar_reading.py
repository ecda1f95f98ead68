"""Shifts out of an iCalendar file (RFC 5545), as other programs write them. Pure: the bytes and the zone are arguments.

What a file leaves open is taken for the line's own wall clock; what we would have to guess is refused, with a reason.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from phoneline import calendar_zones
from phoneline.recurrence import wall

LARGEST = 2_000_000
MOST = 5_000
_LOOKED_AHEAD = 160
"""Weeks for which two zones must tell the same time to count as one."""
_WEEK = timedelta(weeks=1)
_MIDNIGHT = time()
_EARLIEST, _LATEST = 1900, 9000

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Planned:
    """One shift of a file, by the line's wall clock: where it stands there, what it is called, when it is."""

    number: int
    title: str
    starts_local: datetime
    ends_local: datetime
    rrule: str = ""
    without: frozenset[datetime] = frozenset()
    """Dates of the rule that don't take place."""
    moved: Mapping[datetime, Stretch] = field(default_factory=dict)
    """Dates of the rule that are at another time."""


class Fault(Enum):
    """A reason by its words, as a command says them behind the file or the event; in the gaps stand its values."""

    TOO_LARGE = "is larger than %(most)s MB; export fewer years"
    NO_CALENDAR = "is no iCalendar file; take the one that your calendar program exports, in .ics"
    EMPTY = "has no events"
    TOO_MANY = "has more than %(most)s events"

    UNREADABLE = "has a time, a date or a rule that can't be read"
    LATER_DATES = "changes all dates from one on (RANGE); make that a shift of its own"
    OUT_OF_TIME = "is before %(first)s or after %(last)s"
    BACKWARDS = "ends before it begins; a shift past midnight ends the next day"
    NO_END = "has no end; give it one"
    NO_BEGINNING = "has no beginning"
    FIELD = "says %(field)s in a way that can't be read"
    WHOLE_DAY = "is for the whole day; give it a time at which it begins and one at which it ends"
    ZONE = "is in the zone %(zone)s, which nobody knows; name one such as America/Toronto"
    OTHER_DATES = "has %(field)s, which the roster doesn't know; make those dates events of their own"
    RULES = "has more than one rule; make an event of each"
    OTHER_CLOCK = "repeats by the clock of %(theirs)s; write its times by the roster's own, %(ours)s"
    SEVERAL_NAMED = "is the name of several volunteers; write their whole name"
    NOBODY_NAMED = "is no volunteer's name; write it as on People, or “Open shift”"
    NO_DATE = "moves %(date)s, which is no date of its rule"


@dataclass(frozen=True)
class Misread:
    """An event that can't be a shift. `number` counts the file's events from 1; 0 is the file itself."""

    number: int
    title: str
    why: Fault
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return self.why.value % self.values


class EventError(Exception):
    """What is wrong with one event; with the values of its gaps."""

    def __init__(self, why: Fault, **values: object) -> None:
        self.why, self.values = why, values
        super().__init__(why)


def read(data: bytes, zone: ZoneInfo) -> tuple[Sequence[Planned], Sequence[Misread]]:
    """What the file plans, in its order, and everything that is wrong with it."""
    if len(data) > LARGEST:
        return [], [Misread(0, "", Fault.TOO_LARGE, {"most": LARGEST // 1_000_000})]
    with calendar_zones.of_one_file():
        return _all(data, zone)


def _all(data: bytes, zone: ZoneInfo) -> tuple[Sequence[Planned], Sequence[Misread]]:
    try:
        events = [event for calendar in Calendar.from_ical(data, multiple=True) for event in calendar.events]
    except (ValueError, KeyError, IndexError, AttributeError):
        return [], [Misread(0, "", Fault.NO_CALENDAR)]
    if not events:
        return [], [Misread(0, "", Fault.EMPTY)]
    if len(events) > MOST:
        return [], [Misread(0, "", Fault.TOO_MANY, {"most": f"{MOST:,}"})]
    return _read(events, zone)


def _read(events: Sequence[Event], zone: ZoneInfo) -> tuple[Sequence[Planned], Sequence[Misread]]:
    planned, wrong = [], []
    for group in _together(events):
        for number, event, changes in group:
            try:
                one = _planned(number, event, changes, zone)
            except EventError as error:
                wrong.append(Misread(number, _title(event), error.why, error.values))
            except (ValueError, TypeError, AttributeError, OverflowError):
                # The library takes nearly anything for a value, and stumbles when it is asked what it means.
                wrong.append(Misread(number, _title(event), Fault.UNREADABLE))
            else:
                planned += [one] if one is not None else []
    return sorted(planned, key=lambda one: one.number), sorted(wrong, key=lambda one: one.number)


Numbered = tuple[int, Event]


def _together(events: Sequence[Event]) -> Iterator[list[tuple[int, Event, list[Numbered]]]]:
    """Each event with what the file says of single dates of it. Dates of what isn't in the file stand alone."""
    by_uid: dict[str, list[Numbered]] = defaultdict(list)
    for number, event in enumerate(events, start=1):
        by_uid[str(event.get("UID", f"none {number}"))].append((number, event))
    for same in by_uid.values():
        changes = [one for one in same if one[1].get("RECURRENCE-ID") is not None]
        masters = [one for one in same if one[1].get("RECURRENCE-ID") is None]
        if masters:
            yield [(number, event, changes if event is masters[-1][1] else []) for number, event in masters]
        else:
            yield [(number, event, []) for number, event in changes]


def _planned(number: int, event: Event, changes: Sequence[Numbered], zone: ZoneInfo) -> Planned | None:
    """The shift; None if the event was called off."""
    if _is_cancelled(event):
        return None
    starts_local, ends_local = _stretch(event, zone)
    rrule = _rule(event, zone)
    without = {_date(one, starts_local, zone) for one in _excluded(event)} if rrule else set()
    moved: dict[datetime, Stretch] = {}
    for _, change in changes:
        if _of(change, "RECURRENCE-ID").params.get("RANGE"):
            raise EventError(Fault.LATER_DATES)
        occurs_local = _date(_of(change, "RECURRENCE-ID").dt, starts_local, zone)
        if _is_cancelled(change):
            without.add(occurs_local)
        else:
            moved[occurs_local] = _stretch(change, zone)
    return Planned(number, _title(event), starts_local, ends_local, rrule, frozenset(without), moved)


def _of(event: Event, name: str) -> Any:  # noqa: ANN401 - a value of the library's, or several of them; None without
    return event.get(name)


def _title(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:200]


def _is_cancelled(event: Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _stretch(event: Event, zone: ZoneInfo) -> Stretch:
    begins = _moment(event, "DTSTART")
    ends = _moment(event, "DTEND") if "DTEND" in event else _after(event, begins)
    starts_local, ends_local = _wall(begins, zone), _wall(ends, zone)
    if not _EARLIEST <= starts_local.year <= ends_local.year < _LATEST:
        raise EventError(Fault.OUT_OF_TIME, first=_EARLIEST, last=_LATEST - 1)
    if ends_local <= starts_local:
        raise EventError(Fault.BACKWARDS)
    return starts_local, ends_local


def _after(event: Event, begins: datetime) -> datetime:
    if "DURATION" not in event:
        raise EventError(Fault.NO_END)
    lasts: timedelta = _of(event, "DURATION").dt
    return begins + lasts


def _moment(event: Event, name: str) -> datetime:
    if name not in event:
        raise EventError(Fault.NO_BEGINNING)
    found = _of(event, name)
    if isinstance(found, list) or not hasattr(found, "dt"):
        raise EventError(Fault.FIELD, field=name)
    if not isinstance(found.dt, datetime):
        raise EventError(Fault.WHOLE_DAY)
    if found.dt.tzinfo is None and "TZID" in found.params:
        raise EventError(Fault.ZONE, zone=found.params["TZID"])
    at: datetime = found.dt
    return at


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """On the line's own clock. A time without a zone is on that already."""
    return at if at.tzinfo is None else wall(at, zone)


def _rule(event: Event, zone: ZoneInfo) -> str:
    """The rule's text; empty for a single date. It must mean the same by the line's clock."""
    for name in ("RDATE", "EXRULE"):
        if name in event:
            raise EventError(Fault.OTHER_DATES, field=name)
    found = _of(event, "RRULE")
    if found is None:
        return ""
    if isinstance(found, list):
        raise EventError(Fault.RULES)
    begins = _moment(event, "DTSTART")
    if begins.tzinfo is not None and not _tell_the_same_time(begins, zone):
        named = getattr(begins.tzinfo, "key", begins.tzname())
        raise EventError(Fault.OTHER_CLOCK, theirs=named, ours=zone.key)
    parts = str(found.to_ical().decode()).split(";")
    return ";".join(_to_the_end_of_the_day(one) for one in parts)


def _to_the_end_of_the_day(part: str) -> str:
    """Some programs end a rule with a mere day, and mean that this day still counts."""
    name, _, value = part.partition("=")
    return f"{part}T235959" if name.upper() == "UNTIL" and value.isdigit() else part


def _tell_the_same_time(begins: datetime, zone: ZoneInfo) -> bool:
    weeks = (begins + n * _WEEK for n in range(_LOOKED_AHEAD))
    return all(one.utcoffset() == one.astimezone(zone).utcoffset() for one in weeks)


def _excluded(event: Event) -> Iterator[date]:
    """Dates or instants that are left out; a file may list them in several lines."""
    found = _of(event, "EXDATE") or []
    for line in found if isinstance(found, list) else [found]:
        for one in line.dts:
            yield one.dt


def _date(at: date, starts_local: datetime, zone: ZoneInfo) -> datetime:
    """Which date of the rule is meant: by its instant, or by its day alone."""
    if isinstance(at, datetime):
        return _wall(at, zone)
    return datetime.combine(at, starts_local.time())
