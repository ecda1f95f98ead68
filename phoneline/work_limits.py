"""What somebody's limits allow: so much a week, rest between shifts, days off, times when they can't. Pure.

Weeks and days are the line's own, Monday to Sunday. An hour counts in the week in which it lies, a shift in the one in
which it begins. Stretches are half-open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from phoneline.recurrence import instant, wall
from phoneline.roster_states import Refusal

Span = tuple[datetime, datetime]
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKDAYS = range(7)


@dataclass(frozen=True)
class Limits:
    """What somebody agreed to at most; None is no limit. `days_off` are weekdays, Monday is 0."""

    hours_a_week: int | None = None
    shifts_a_week: int | None = None
    rest_hours: int | None = None
    days_off: frozenset[int] = frozenset()


def broken(limits: Limits, held: Sequence[Span], away: Iterable[Span], wished: Span, zone: ZoneInfo) -> Refusal | None:
    """Which limit these hours would break beside those that are `held`; None if they break none."""
    if any(day.weekday() in limits.days_off for day in _days(wished, zone)):
        return Refusal.DAY_OFF
    if any(overlap(wished, other) for other in away):
        return Refusal.UNAVAILABLE
    together = [*held, wished]
    for week in weeks(wished, zone):
        if limits.hours_a_week is not None and within(week, together) > timedelta(hours=limits.hours_a_week):
            return Refusal.HOURS_A_WEEK
        begun = sum(week[0] <= starts_at < week[1] for starts_at, _ in together)
        # Hours that only end in this week add no shift to it.
        if limits.shifts_a_week is not None and wished[0] >= week[0] and begun > limits.shifts_a_week:
            return Refusal.SHIFTS_A_WEEK
    if limits.rest_hours and _too_near(together, wished, timedelta(hours=limits.rest_hours)):
        return Refusal.REST
    return None


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def joined(spans: Iterable[Span]) -> Sequence[Span]:
    """Those that meet or overlap as one, in order."""
    found: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if found and starts_at <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends_at)
        else:
            found.append((starts_at, ends_at))
    return found


def covered(span: Span, by: Iterable[Span]) -> bool:
    """Whether there is no moment of it outside of these."""
    return any(starts_at <= span[0] and span[1] <= ends_at for starts_at, ends_at in joined(by))


def within(week: Span, spans: Iterable[Span]) -> timedelta:
    """How long they last in this week; what overlaps counts once."""
    parts = (min(ends_at, week[1]) - max(starts_at, week[0]) for starts_at, ends_at in joined(spans))
    return sum((part for part in parts if part > timedelta()), timedelta())


def weeks(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The line's weeks that it touches."""
    first = _midnight(span[0], zone)
    monday = first - timedelta(days=first.weekday())
    while True:
        yield instant(monday, zone), instant(monday + _WEEK, zone)
        monday += _WEEK
        if instant(monday, zone) >= span[1]:
            return


def _days(span: Span, zone: ZoneInfo) -> Iterator[datetime]:
    day = _midnight(span[0], zone)
    while True:
        yield day
        day += _DAY
        if instant(day, zone) >= span[1]:
            return


def _midnight(at: datetime, zone: ZoneInfo) -> datetime:
    return wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _too_near(together: Iterable[Span], wished: Span, rest: timedelta) -> bool:
    """Whether there is less than `rest` before or after the stretch that the wished hours are part of."""
    stretches = joined(together)
    place = next(at for at, one in enumerate(stretches) if one[0] <= wished[0] and wished[1] <= one[1])
    mine = stretches[place]
    before, after = stretches[:place][-1:], stretches[place + 1 :][:1]
    return any(mine[0] - ends_at < rest for _, ends_at in before) or any(
        starts_at - mine[1] < rest for starts_at, _ in after
    )
