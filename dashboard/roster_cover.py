"""How the roster's days are covered: in words, and as what stands behind the calendar's blocks. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard import words
from dashboard.cover_words import lack
from dashboard.roster_days import bounds
from dashboard.times import weekday
from dashboard.tongue import gettext as _
from phoneline import cover
from phoneline.cover import Stretch
from phoneline.recurrence import wall

DASH = "\N{EN DASH}"
GAP, THIN, ENOUGH = "gap", "thin", "enough"
"""Fewer than must be there; enough, but fewer than wished for; as many as wished for."""


@dataclass(frozen=True)
class Covered:
    """A stretch in which somebody is needed: its time, and how many there are of how many."""

    starts_at: datetime
    ends_at: datetime
    span: str
    words: str
    kind: str


@dataclass(frozen=True)
class Behind:
    """A stretch that lacks people, behind the blocks; by the line's wall clock."""

    starts: str
    ends: str
    words: str
    kind: str


def span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Such as 22:00 to 06:00, or to 24:00, with a dash; beyond the next day with the last day's name."""
    starts, ends = wall(starts_at, zone), wall(ends_at, zone)
    last = ends.date() - timedelta(days=ends.time() == time())
    until = "24:00" if ends.time() == time() else f"{ends:%H:%M}"
    far = f" {weekday(last)}" if (last - starts.date()).days > 1 else ""
    return f"{starts:%H:%M}{DASH}{until}{far}"


def behind(stretches: Sequence[Stretch], zone: ZoneInfo) -> Sequence[Behind]:
    lacking = [one for one in _covered(stretches, zone) if one.kind != ENOUGH]
    return [Behind(_local(one.starts_at, zone), _local(one.ends_at, zone), one.words, one.kind) for one in lacking]


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{wall(at, zone):%Y-%m-%dT%H:%M}"


def of_day(day: date, stretches: Sequence[Stretch], zone: ZoneInfo) -> Sequence[Covered]:
    """What of them lies in one day, in order."""
    since, until = bounds(day, day + timedelta(days=1), zone)
    found = []
    for one in _covered(stretches, zone):
        begins, ends = max(one.starts_at, since), min(one.ends_at, until)
        if begins < ends:
            found.append(Covered(begins, ends, span(begins, ends, zone), one.words, one.kind))
    return found


def _covered(stretches: Sequence[Stretch], zone: ZoneInfo) -> Sequence[Covered]:
    gaps = [(one.starts_at, one.ends_at, lack(one), GAP) for one in cover.gaps(stretches)]
    found = sorted([*gaps, *_enough(stretches)])
    return [Covered(begins, ends, span(begins, ends, zone), told, kind) for begins, ends, told, kind in found]


def _enough(stretches: Sequence[Stretch]) -> Iterator[tuple[datetime, datetime, str, str]]:
    """Those in which nobody is missing, joined where they say the same."""
    last: tuple[datetime, datetime, str, str] | None = None
    for one in stretches:
        if one.missing or not one.wished:
            continue
        thin = one.had < one.wished
        new = (one.starts_at, one.ends_at, _there(one, thin=thin), THIN if thin else ENOUGH)
        if last and last[1] == new[0] and last[2:] == new[2:]:
            new = (last[0], *new[1:])
        elif last:
            yield last
        last = new
    if last:
        yield last


def _there(one: Stretch, *, thin: bool) -> str:
    """Such as "one of two wished for", "two of two", or "four, one needed"."""
    needed = max(one.minimum, 1)
    if thin:
        return _("%(had)s of %(wished)s wished for", had=words.number(one.had), wished=words.number(one.wished))
    if one.had > needed:
        return _("%(had)s, %(needed)s needed", had=words.number(one.had), needed=words.number(needed))
    return _("%(had)s of %(needed)s", had=words.number(one.had), needed=words.number(needed))
