"""The days ahead in words, and how the last week went in numbers that say how they are counted. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from babel.numbers import format_decimal

from dashboard import times, words
from dashboard.queries_coming import Planned
from dashboard.queries_week import Alike
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import language, ngettext

HALF, NEARLY_ALL = 0.5, 0.95
MOST_NAMES = 4


@dataclass(frozen=True)
class Figure:
    """A number, what it is, and how it is counted."""

    value: str
    name: str
    counted: str


def figures(found: Sequence[Alike], grace_minutes: int) -> Sequence[Figure]:
    """Empty if there was nothing to count."""
    total = sum(one.count for one in found)
    if not total:
        return []
    in_time = sum(one.count for one in found if one.in_time)
    told = ngettext(
        "Of %(number)s check-in: the share heard from within %(minutes)s minutes of the planned time, by a key, a "
        "conversation or their own call. Without those that were skipped or stopped.",
        "Of %(number)s check-ins: the share heard from within %(minutes)s minutes of the planned time, by a key, a "
        "conversation or their own call. Without those that were skipped or stopped.",
        total,
        number=words.number(total),
        minutes=grace_minutes,
    )
    return [
        Figure(f"{_share(in_time, total)} %", _("heard from in time"), told),
        *_tries(found),
        *_late(found),
        *_continuity(found),
    ]


def _share(part: int, whole: int) -> int:
    return part * 100 // whole


def _tries(found: Sequence[Alike]) -> Sequence[Figure]:
    reached = sum(one.count for one in found if one.tries)
    if not reached:
        return []
    attempts = sum(one.tries * one.count for one in found)
    told = _("Attempts for each check-in in which one of them reached the person; a “later” from themselves isn't one.")
    needed = format_decimal(attempts / reached, format="0.0", locale=language())
    return [Figure(str(needed), _("attempts needed"), told)]


def _late(found: Sequence[Alike]) -> Sequence[Figure]:
    minutes: Counter[int] = Counter()
    for one in found:
        if one.minutes_late is not None:
            minutes[max(0, one.minutes_late)] += one.count
    if not minutes:
        return []
    half, nearly_all = (_within(minutes, share) for share in (HALF, NEARLY_ALL))
    told = _("From the planned time to the first attempt: half began within the first, 95 of 100 within the second.")
    return [Figure(f"{half} / {nearly_all} min", _("late"), told)]


def _within(minutes: Counter[int], share: float) -> int:
    """The whole minutes within which this share of them began."""
    wanted = math.ceil(minutes.total() * share)
    for late in sorted(minutes):
        wanted -= minutes[late]
        if wanted <= 0:
            return late + 1
    return 0


def _continuity(found: Sequence[Alike]) -> Sequence[Figure]:
    by_volunteer = [one for one in found if one.by_usual is not None]
    total = sum(one.count for one in by_volunteer)
    if not total:
        return []
    usual = sum(one.count for one in by_volunteer if one.by_usual)
    told = ngettext(
        "Of %(number)s conversation in check-ins by volunteers: with the usual one.",
        "Of %(number)s conversations in check-ins by volunteers: with the usual one.",
        total,
        number=words.number(total),
    )
    return [Figure(f"{_share(usual, total)} %", _("with their usual volunteer"), told)]


@dataclass(frozen=True)
class ComingDay:
    """A day ahead: its date for an address, its name, and who is to be called."""

    day: str
    name: str
    what: str


def coming(found: Sequence[Planned], at: Moment) -> Sequence[ComingDay]:
    """A line for each day on which somebody is to be called."""
    in_order = sorted(found, key=lambda one: (one.due_at, one.person))
    by_day = groupby(in_order, key=lambda one: one.due_at.astimezone(at.zone).date())
    return [_day(str(day), list(group), at) for day, group in by_day]


def _day(day: str, group: Sequence[Planned], at: Moment) -> ComingDay:
    told = [f"{times.clock(one.due_at, at.zone)} {one.person}" for one in group[:MOST_NAMES]]
    more = len(group) - MOST_NAMES
    what = ", ".join(told)
    if more > 0:
        what = _("%(names)s, and %(number)s more", names=what, number=words.number(more))
    return ComingDay(day, words.sentence(times.day(group[0].due_at, at.now, at.zone)), what)
