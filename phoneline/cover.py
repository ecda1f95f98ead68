"""Cover: how many people are on, laid over how many are needed. Pure: hours, needs and the stretch are arguments.

Needs are stretches of the week by the line's wall clock. They become instants by the same function as shifts and the
line's hours, so what meets on the clock meets in time. Everything is half-open.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from phoneline.hours import Calendar
from phoneline.recurrence import instant, wall

HOLIDAY = 7
"""Stands among the weekdays, of which Monday is 0."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Need:
    """At least so many people, and better so many, from `starts` until before `ends`; of one tier, or of any.

    It belongs to the day on which it begins; into the next when `ends` is not later.
    """

    days: frozenset[int]
    starts: time
    ends: time
    minimum: int
    wished: int
    tier: int | None = None


@dataclass(frozen=True)
class Wanted:
    """A need on one of its days, as instants."""

    starts_at: datetime
    ends_at: datetime
    minimum: int
    wished: int
    tier: int | None = None


@dataclass(frozen=True)
class On:
    """Somebody's hours, in which they may be rung."""

    person_id: str
    tier: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Level:
    """How many are on, and how many are needed: of one tier, or of any."""

    tier: int | None
    had: int
    minimum: int
    wished: int

    @property
    def missing(self) -> int:
        return max(0, self.minimum - self.had)


@dataclass(frozen=True)
class Stretch:
    """In which nothing changes: who is on, counted once however many hours they have, and what is needed."""

    starts_at: datetime
    ends_at: datetime
    had: int
    levels: tuple[Level, ...] = ()

    @property
    def minimum(self) -> int:
        return _of_all(self.levels, lambda one: one.minimum)

    @property
    def wished(self) -> int:
        return _of_all(self.levels, lambda one: one.wished)

    @property
    def missing(self) -> int:
        """So many more people would do."""
        return _of_all(self.levels, lambda one: one.missing)


def _of_all(levels: Iterable[Level], number: Callable[[Level], int]) -> int:
    """Who is needed in a tier also counts among those who are needed in any."""
    of_any = [number(one) for one in levels if one.tier is None]
    return max(*of_any, sum(number(one) for one in levels if one.tier is not None), 0)


@dataclass(frozen=True)
class Gap:
    """A stretch with fewer people than are needed; of one tier, where there are enough but in the other one."""

    starts_at: datetime
    ends_at: datetime
    had: int
    minimum: int
    tier: int | None = None

    @property
    def is_nobody(self) -> bool:
        """Whoever calls then finds nobody at all."""
        return self.had == 0 and self.tier is None


@dataclass(frozen=True)
class Resting:
    """Somebody isn't rung, though they have hours; without an end while none is in sight."""

    person_id: str
    since: datetime
    until: datetime | None


def without(on: Iterable[On], resting: Iterable[Resting]) -> list[On]:
    """What of the hours is left beside the rests."""
    left = list(on)
    for rest in resting:
        left = [part for one in left for part in (_around(one, rest) if one.person_id == rest.person_id else (one,))]
    return left


def _around(one: On, rest: Resting) -> Iterator[On]:
    if one.starts_at < rest.since:
        yield replace(one, ends_at=min(one.ends_at, rest.since))
    if rest.until is not None and rest.until < one.ends_at:
        yield replace(one, starts_at=max(one.starts_at, rest.until))


def wanted(
    needs: Sequence[Need], calendar: Calendar, holidays: Collection[date], since: datetime, until: datetime
) -> list[Wanted]:
    """What is needed in [since, until), while the line is open. Where no need is known: one person, all that time.

    On a holiday the needs of holidays stand in the place of its weekday's, if there are any.
    """
    if not needs:
        return [Wanted(begins, ends, 1, 1) for begins, ends in calendar.openings(since, until)]
    found = []
    for day in _days(calendar.zone, since, until):
        for need in _of_day(needs, day, is_holiday=day in holidays):
            begins, ends = _on_day(need, day, calendar.zone)
            # Clocks that go forward may leave nothing of a short one.
            if begins < ends and begins < until and ends > since:
                found.append(Wanted(begins, ends, need.minimum, need.wished, need.tier))
    return found


def _days(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[date]:
    """Every day of which something may reach into the stretch."""
    day, last = wall(since, zone).date() - 2 * _DAY, wall(until, zone).date() + _DAY
    while day <= last:
        yield day
        day += _DAY


def _of_day(needs: Sequence[Need], day: date, *, is_holiday: bool) -> Sequence[Need]:
    own = [need for need in needs if HOLIDAY in need.days] if is_holiday else []
    return own or [need for need in needs if day.weekday() in need.days]


def _on_day(need: Need, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last_day = day if need.ends > need.starts else day + _DAY
    return instant(datetime.combine(day, need.starts), zone), instant(datetime.combine(last_day, need.ends), zone)


def cover(
    on: Iterable[On],
    needed: Iterable[Wanted],
    openings: Iterable[tuple[datetime, datetime]],
    since: datetime,
    until: datetime,
) -> list[Stretch]:
    """All of [since, until) in stretches, in order. Outside the openings nobody is needed."""
    moves: defaultdict[datetime, list[tuple[_Thing, int]]] = defaultdict(list)
    for thing, starts_at, ends_at in _things(on, needed, openings):
        begins, ends = max(starts_at, since), min(ends_at, until)
        if begins < ends:
            moves[begins].append((thing, 1))
            moves[ends].append((thing, -1))
    holds: Counter[_Thing] = Counter()
    found: list[Stretch] = []
    for begins, ends in pairwise(sorted({since, until, *moves})):
        for thing, change in moves.get(begins, ()):
            holds[thing] += change
            if not holds[thing]:
                del holds[thing]
        _add(found, _stretch(begins, ends, holds))
    return found


_OPEN = "open"
_Thing = Wanted | tuple[str, int] | str
"""What holds for a while: a need, somebody in a tier, or that the line is open."""


def _things(
    on: Iterable[On], needed: Iterable[Wanted], openings: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[_Thing, datetime, datetime]]:
    yield from (((one.person_id, one.tier), one.starts_at, one.ends_at) for one in on)
    yield from ((one, one.starts_at, one.ends_at) for one in needed)
    yield from ((_OPEN, begins, ends) for begins, ends in openings)


def _stretch(begins: datetime, ends: datetime, holds: Collection[_Thing]) -> Stretch:
    best: dict[str, int] = {}
    needed: dict[int | None, tuple[int, int]] = {}
    for thing in holds:
        if isinstance(thing, tuple):
            person_id, tier = thing
            best[person_id] = min(tier, best.get(person_id, tier))
        elif isinstance(thing, Wanted) and _OPEN in holds:
            minimum, wished = needed.get(thing.tier, (0, 0))
            # Of two needs of one time the greater one holds.
            needed[thing.tier] = max(minimum, thing.minimum), max(wished, thing.wished)
    of_tier: Mapping[int | None, int] = {**Counter(best.values()), None: len(best)}
    levels = [Level(tier, of_tier.get(tier, 0), *needed[tier]) for tier in (None, 1, 2) if tier in needed]
    return Stretch(begins, ends, len(best), tuple(levels))


def _add(found: list[Stretch], stretch: Stretch) -> None:
    """Make the last one longer where nothing has changed."""
    if found and (found[-1].had, found[-1].levels) == (stretch.had, stretch.levels):
        found[-1] = replace(found[-1], ends_at=stretch.ends_at)
    else:
        found.append(stretch)


def gaps(stretches: Iterable[Stretch]) -> list[Gap]:
    """Where people are missing, in order. What has nobody is one gap, however many are needed in each part of it."""
    found: list[Gap] = []
    for gap in filter(None, map(_gap, stretches)):
        last = found[-1] if found and found[-1].ends_at == gap.starts_at else None
        if last is not None and (last.had, last.tier) == (gap.had, gap.tier) and last.is_nobody:
            found[-1] = replace(last, ends_at=gap.ends_at, minimum=max(last.minimum, gap.minimum))
        elif last is not None and replace(last, ends_at=gap.ends_at) == replace(gap, starts_at=last.starts_at):
            found[-1] = replace(last, ends_at=gap.ends_at)
        else:
            found.append(gap)
    return found


def _gap(one: Stretch) -> Gap | None:
    if one.had < one.minimum:
        return Gap(one.starts_at, one.ends_at, one.had, one.minimum)
    short = next((level for level in one.levels if level.missing), None)
    return Gap(one.starts_at, one.ends_at, short.had, short.minimum, short.tier) if short is not None else None
