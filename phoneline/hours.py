"""When the line is open. Pure: the instant, the zone and what was set are arguments.

An opening belongs to the day on which it begins, also past midnight: a day that is closed has none that begins on it,
and what began the evening before goes on to its end. Openings become instants as shifts do, so that hours and shifts
which meet on the clock meet in time.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from phoneline.recurrence import instant, wall

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z,-]+) ([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")
_DAY = re.compile(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = 2024
_MIDNIGHT = time()
_FAR = 400
"""So many days are looked ahead for the next opening: more than a year, for what is open once in it."""


@dataclass(frozen=True)
class Opening:
    """From `opens` until before `closes` on these weekdays; into the next day when `closes` is not later."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True)
class LineHours:
    """The hours of a week, and the text that says so."""

    text: str
    openings: tuple[Opening, ...] = field(repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ClosedDays:
    """Single days, and days of every year."""

    text: str
    dates: frozenset[date] = field(default=frozenset(), repr=False)
    yearly: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)

    def names(self) -> Sequence[str]:
        """Each day as it is written, single ones first."""
        return sorted(f"{day:%Y-%m-%d}" for day in self.dates) + sorted(f"{m:02}-{d:02}" for m, d in self.yearly)

    def __contains__(self, day: date) -> bool:
        return day in self.dates or (day.month, day.day) in self.yearly

    def __str__(self) -> str:
        return self.text


ALWAYS = LineHours("always", (Opening(frozenset(range(7)), _MIDNIGHT, _MIDNIGHT),))
NO_DAYS = ClosedDays("none")


@dataclass(frozen=True)
class Calendar:
    """The hours, the days without them, and the zone in which they count."""

    hours: LineHours
    closed: ClosedDays
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        today = wall(at, self.zone).date()
        return any(begins <= at < ends for begins, ends in self._around(today))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first open instant from `at` on; None if there is none within a year."""
        today = wall(at, self.zone).date()
        for ahead in range(_FAR):
            found = [max(begins, at) for begins, ends in self._around(today + timedelta(days=ahead)) if ends > at]
            if found:
                return min(found)
        return None

    def openings(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open in [since, until), each opening whole; some may meet or overlap."""
        day, last = wall(since, self.zone).date() - timedelta(days=2), wall(until, self.zone).date() + timedelta(days=1)
        while day <= last:
            yield from ((begins, ends) for begins, ends in self._on(day) if begins < until and ends > since)
            day += timedelta(days=1)

    def _around(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """What begins on the day or so near to it that a change of clocks may bring it there."""
        for distance in range(-2, 2):
            yield from self._on(day + timedelta(days=distance))

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.closed:
            return
        for one in self.hours.openings:
            if day.weekday() in one.weekdays:
                last_day = day if one.closes > one.opens else day + timedelta(days=1)
                begins = instant(datetime.combine(day, one.opens), self.zone)
                ends = instant(datetime.combine(last_day, one.closes), self.zone)
                # Clocks that go forward may leave nothing of a short one.
                if begins < ends:
                    yield begins, ends


def line_hours(text: str) -> LineHours:
    """Read `always`, or days and times. ValueError says what is accepted."""
    if text == ALWAYS.text:
        return ALWAYS
    try:
        return LineHours(text, tuple(_opening(part.strip()) for part in text.split(";")))
    except ValueError as error:
        message = "must be `always`, or days and times such as `mon-fri 09:00-21:00; sat,sun 10:00-18:00`"
        raise ValueError(message) from error


def _opening(part: str) -> Opening:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(part)
    days, opens, closes = found.groups()
    weekdays = frozenset(day for item in days.split(",") for day in _weekdays(item))
    return Opening(weekdays, time.fromisoformat(opens), _MIDNIGHT if closes == "24:00" else time.fromisoformat(closes))


def _weekdays(item: str) -> Iterator[int]:
    """One day, or from one day to another, also past Sunday."""
    first, dash, last = item.partition("-")
    start = _DAYS.index(first)
    end = _DAYS.index(last) if dash else start
    yield from ((start + step) % 7 for step in range((end - start) % 7 + 1))


def of_days(days: Sequence[Collection[tuple[time, time]]]) -> LineHours:
    """The hours of a week from what opens on each day, Monday first. ValueError if nothing does."""
    if all(set(day) == {(_MIDNIGHT, _MIDNIGHT)} for day in days):
        return ALWAYS
    spans: dict[tuple[time, time], list[int]] = {}
    for weekday, day in enumerate(days):
        for span in sorted(set(day)):
            spans.setdefault(span, []).append(weekday)
    parts = [
        f"{_named(weekdays)} {opens:%H:%M}-{'24:00' if closes == _MIDNIGHT else f'{closes:%H:%M}'}"
        for (opens, closes), weekdays in sorted(spans.items(), key=lambda one: (one[1][0], one[0]))
    ]
    return line_hours("; ".join(parts))


def _named(weekdays: Sequence[int]) -> str:
    """Three or more in a row as from one to the other."""
    runs: list[list[int]] = []
    for day in weekdays:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    least = 3
    return ",".join(
        f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" if len(run) >= least else ",".join(_DAYS[day] for day in run)
        for run in runs
    )


def closed_days(text: str) -> ClosedDays:
    """Read `none`, or days such as `2026-12-25` and, for every year, `01-01`. ValueError says what is accepted."""
    if text in {"", NO_DAYS.text}:
        return NO_DAYS
    days = [_closed_day(part.strip()) for part in text.split(",")]
    dates = frozenset(day for day in days if isinstance(day, date))
    return ClosedDays(text, dates, frozenset(day for day in days if not isinstance(day, date)))


def _closed_day(part: str) -> date | tuple[int, int]:
    """One date, or month and day."""
    form = _DAY.fullmatch(part)
    try:
        # A leap year has every day that any has.
        found = date.fromisoformat("" if form is None else part if form[1] else f"{_LEAP_YEAR}-{part}")
    except ValueError as error:
        message = f"must be `none`, or days such as `2026-12-25, 01-01` (01-01: of every year); {part!r} is no such day"
        raise ValueError(message) from error
    return found if form and form[1] else (found.month, found.day)
