"""Who carries how much, in numbers that say how they are counted. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dashboard import words
from dashboard.queries_balance import On
from phoneline.recurrence import instant, wall

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
SATURDAY = 5
UNEVEN = 2
"""Who did more than so many even shares carries too much."""
FEWEST = 2
"""Of fewer people nothing can be said about shares."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The weeks looked back on, and those ahead, in the line's zone."""

    since: datetime
    now: datetime
    until: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Share:
    """One volunteer's part. Hours, but for `shifts` and `calls`."""

    id: str
    name: str
    done: float
    shifts: int
    nights: float
    weekends: float
    calls: int
    planned: float
    bar: int = 0
    """Of a hundred, beside whoever did most."""


COLUMNS: Mapping[str, str] = {
    "name": "Who",
    "done": "Hours done",
    "shifts": "Shifts",
    "nights": "At night",
    "weekends": "At weekends",
    "calls": "Conversations",
    "planned": "Hours to come",
}


def shares(
    team: Sequence[tuple[str, str]], found: Sequence[On], calls: Mapping[str, int], window: Window, by: str
) -> Sequence[Share]:
    """Everybody, in order of one column: names from A on, numbers from the highest on."""
    theirs: dict[str, list[On]] = {}
    for one in found:
        theirs.setdefault(one.person_id, []).append(one)
    count = _Counting(window)
    made = [count.share(person_id, name, theirs.get(person_id, ()), calls) for person_id, name in team]
    most = max((one.done for one in made), default=0)
    barred = [_barred(one, most) for one in made]
    return barred if by == "name" else sorted(barred, key=lambda one: -getattr(one, by))


def _barred(one: Share, most: float) -> Share:
    return Share(**{**one.__dict__, "bar": round(100 * one.done / most) if most else 0})


class _Counting:
    """Hours of a window, in all, at night and at weekends."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._instant = cache(lambda local: instant(local, window.zone))

    def share(self, person_id: str, name: str, spans: Sequence[On], calls: Mapping[str, int]) -> Share:
        window = self.window
        past = [(max(one.starts_at, window.since), min(one.ends_at, window.now)) for one in spans]
        past = [(begins, ends) for begins, ends in past if begins < ends]
        ahead = sum(_hours(max(one.starts_at, window.now), min(one.ends_at, window.until)) for one in spans)
        return Share(
            id=person_id,
            name=name,
            done=sum(_hours(*one) for one in past),
            shifts=sum(window.since <= one.starts_at < window.now for one in spans),
            nights=sum(self._within(*one, self._night) for one in past),
            weekends=sum(self._within(*one, self._weekend) for one in past),
            calls=calls.get(person_id, 0),
            planned=ahead,
        )

    def _within(
        self, begins: datetime, ends: datetime, of: Callable[[date], tuple[datetime, datetime] | None]
    ) -> float:
        day, last = wall(begins, self.window.zone).date() - _DAY, wall(ends, self.window.zone).date()
        total = 0.0
        while day <= last:
            stretch = of(day)
            if stretch is not None:
                total += _hours(max(begins, stretch[0]), min(ends, stretch[1]))
            day += _DAY
        return total

    def _night(self, day: date) -> tuple[datetime, datetime]:
        """That which begins on this day."""
        begins, ends = datetime.combine(day, NIGHT_BEGINS), datetime.combine(day + _DAY, NIGHT_ENDS)
        return self._instant(begins), self._instant(ends)

    def _weekend(self, day: date) -> tuple[datetime, datetime] | None:
        if day.weekday() < SATURDAY:
            return None
        return self._instant(datetime.combine(day, time())), self._instant(datetime.combine(day + _DAY, time()))


def _hours(begins: datetime, ends: datetime) -> float:
    return max(0.0, (ends - begins).total_seconds() / 3600)


def answer(found: Sequence[Share], weeks: int) -> str:
    """Whether it is fairly shared, in a sentence."""
    on = sorted((one for one in found if one.done > 0), key=lambda one: -one.done)
    past = f"in the last {words.number(weeks)} weeks"
    if not on:
        return f"Nobody was on a shift {past}."
    total, most = sum(one.done for one in on), on[0]
    if len(on) < FEWEST:
        return f"{most.name} did all of the {hours(total)} hours {past}."
    even = total / len(on)
    people = words.counted(len(on), "person", "people")
    if most.done > UNEVEN * even:
        of_all = f"{hours(most.done)} of the {hours(total)} hours {past}"
        return f"Unevenly shared: {most.name} did {of_all}; an even share of {people} is {hours(even)}."
    least = on[-1]
    if hours(least.done) == hours(most.done):
        return f"Evenly shared: {people} did {hours(most.done)} hours each {past}."
    return (
        f"Nobody carries more than twice an even share: {people} did {hours(total)} hours {past}, "
        f"from {hours(least.done)} ({least.name}) to {hours(most.done)} ({most.name})."
    )


def hours(count: float) -> str:
    """A whole number, or one with a half: "12", "7.5"."""
    halves = round(count * 2) / 2
    return f"{halves:,.0f}" if halves == int(halves) else f"{halves:,.1f}"
