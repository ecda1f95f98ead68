"""Who carries how much, in numbers that say how they are counted. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from dashboard import words
from dashboard.queries_balance import On
from dashboard.tongue import N_, Phrases, language, ngettext
from dashboard.tongue import gettext as _
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


COLUMNS: Mapping[str, str] = Phrases(
    {
        "name": N_("Who"),
        "done": N_("Hours done"),
        "shifts": N_("Shifts"),
        "nights": N_("At night"),
        "weekends": N_("At weekends"),
        "calls": N_("Conversations"),
        "planned": N_("Hours to come"),
    }
)


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
    past = words.number(weeks)
    if not on:
        return _("Nobody was on a shift in the last %(weeks)s weeks.", weeks=past)
    total, most = sum(one.done for one in on), on[0]
    told = {"weeks": past, "total": hours(total), "name": most.name, "most": hours(most.done)}
    if len(on) < FEWEST:
        return _("%(name)s did all of the %(total)s hours in the last %(weeks)s weeks.", **told)
    even = total / len(on)
    told["people"] = ngettext("%(number)s person", "%(number)s people", len(on), number=words.number(len(on)))
    if most.done > UNEVEN * even:
        return _(
            "Unevenly shared: %(name)s did %(most)s of the %(total)s hours in the last %(weeks)s weeks; "
            "an even share of %(people)s is %(even)s.",
            **told,
            even=hours(even),
        )
    least = on[-1]
    if hours(least.done) == hours(most.done):
        return _("Evenly shared: %(people)s did %(most)s hours each in the last %(weeks)s weeks.", **told)
    return _(
        "Nobody carries more than twice an even share: %(people)s did %(total)s hours in the last %(weeks)s weeks, "
        "from %(least)s (%(least_name)s) to %(most)s (%(name)s).",
        **told,
        least=hours(least.done),
        least_name=least.name,
    )


def hours(count: float) -> str:
    """A whole number, or one with a half: "12", "7.5"."""
    return format_decimal(round(count * 2) / 2, format="#,##0.#", locale=language())
