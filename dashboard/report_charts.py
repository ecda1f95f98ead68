"""Charts as numbers: what stands where in a picture that the template draws. Axes begin at zero. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from dashboard import times
from dashboard.tongue import gettext as _
from dashboard.tongue import language
from phoneline.report_rules import QUARTER_SECONDS, WEEK_DAYS, Days

LEFT, RIGHT, TOP, BOTTOM = 34, 336, 12, 144
TICK = 36
"""As wide as a tick's text."""
BAR = 0.72
"""Of the width that a column has."""
MOST_TICKS = 5
HOUR_TICKS = 6
"""One for so many hours."""
MOST_DAYS, MOST_WEEKS = 31, 30
HOURS = 24
LEVELS = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calls:
    """How many came in a while, and how many of them were answered."""

    count: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Column:
    """One bar of two parts: what was answered stands below the rest."""

    label: str
    calls: Calls
    x: float
    width: float
    answered_y: float
    rest_y: float
    tick: str
    middle: float

    @property
    def anchor(self) -> str:
        """Where the tick's text stands: so that none is cut off at the end."""
        return "end" if self.middle > RIGHT - TICK / 2 else "middle"


@dataclass(frozen=True)
class Line:
    """A line across, at a number."""

    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    title: str
    """What there is to see, in a sentence."""
    about: str
    """What the bars are."""
    columns: Sequence[Column]
    lines: Sequence[Line]


@dataclass(frozen=True)
class HeatCell:
    count: int
    level: int
    """From 0, none, to `LEVELS`, as many as ever."""


@dataclass(frozen=True)
class Heat:
    title: str
    weekdays: Sequence[tuple[str, str]]
    """Short and full."""
    rows: Sequence[tuple[str, Sequence[HeatCell]]]


class Counted:
    """Calls by the hours and days of the line's own clock."""

    def __init__(self, quarters: Iterable[tuple[int, int, int]], zone: ZoneInfo) -> None:
        self._hours: Counter[tuple[int, int]] = Counter()
        self._answered_hours: Counter[tuple[int, int]] = Counter()
        self._days: Counter[date] = Counter()
        self._answered_days: Counter[date] = Counter()
        for quarter, count, answered in quarters:
            local = datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC).astimezone(zone)
            hour = (local.weekday(), local.hour)
            self._hours[hour] += count
            self._answered_hours[hour] += answered
            self._days[local.date()] += count
            self._answered_days[local.date()] += answered

    def of_hour(self, hour: int) -> Calls:
        days = [(weekday, hour) for weekday in range(WEEK_DAYS)]
        return Calls(sum(self._hours[one] for one in days), sum(self._answered_hours[one] for one in days))

    def of_weekly_hour(self, weekday: int, hour: int) -> int:
        return self._hours[weekday, hour]

    def of_days(self, first: date, last: date) -> Calls:
        days = [first + apart * _DAY for apart in range((last - first).days + 1)]
        return Calls(sum(self._days[one] for one in days), sum(self._answered_days[one] for one in days))


def by_hour(found: Counted) -> Chart:
    """A day's hours, all days together."""
    calls = [found.of_hour(hour) for hour in range(HOURS)]
    busiest = max(range(HOURS), key=lambda hour: calls[hour].count)
    title = _(
        "Most calls came between %(first)s and %(last)s: %(number)s of %(all)s.",
        first=_hour(busiest),
        last=_hour(busiest + 1),
        number=_number(calls[busiest].count),
        all=_number(sum(one.count for one in calls)),
    )
    labels = [_hour(hour) for hour in range(HOURS)]
    ticks = [label if hour % HOUR_TICKS == 0 else "" for hour, label in enumerate(labels)]
    return _chart(title, _("Calls by the hour in which they came"), labels, ticks, calls)


def over_time(found: Counted, days: Days) -> Chart:
    """By days, weeks or months, whichever are few enough to be seen."""
    parts, label, tick, about, said = _parts(days)
    calls = [found.of_days(first, last) for first, last in parts]
    labels = [label(first) for first, _last in parts]
    every = math.ceil(len(parts) / MOST_TICKS)
    ticks = [tick(first) if place % every == 0 else "" for place, (first, _last) in enumerate(parts)]
    most = max(range(len(calls)), key=lambda place: calls[place].count)
    title = said(_number(calls[most].count), labels[most])
    return _chart(title, about, labels, ticks, calls)


Named = Callable[[date], str]


def _parts(days: Days) -> tuple[Sequence[tuple[date, date]], Named, Named, str, Callable[[str, str], str]]:
    """Stretches of the range; what each is called, in full and in short; what they are; what there is to see."""
    if days.count <= MOST_DAYS:
        each = [days.first + apart * _DAY for apart in range(days.count)]
        return [(one, one) for one in each], times.day_of_month, _short_day, _("Calls day by day"), _in_a_day
    weeks = days.count <= MOST_WEEKS * WEEK_DAYS
    found, first = [], days.first
    while first <= days.last:
        ends = first + (WEEK_DAYS - 1 - first.weekday()) * _DAY if weeks else _month_end(first)
        found.append((first, min(ends, days.last)))
        first = found[-1][1] + _DAY
    if weeks:
        about = _("Calls week by week, each from the day that is named")
        return found, times.day_of_month, _short_day, about, _in_a_week
    return found, _month, _short_month, _("Calls month by month"), _in_a_month


def _in_a_day(number: str, when: str) -> str:
    return _("Most calls in a day: %(number)s, on %(when)s.", number=number, when=when)


def _in_a_week(number: str, when: str) -> str:
    return _("Most calls in a week: %(number)s, from %(when)s on.", number=number, when=when)


def _in_a_month(number: str, when: str) -> str:
    return _("Most calls in a month: %(number)s, in %(when)s.", number=number, when=when)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + 31 * _DAY).replace(day=1) - _DAY


def heat(found: Counted) -> Heat:
    """Each hour of each weekday."""
    week = [(weekday, hour) for hour in range(HOURS) for weekday in range(WEEK_DAYS)]
    most = max((found.of_weekly_hour(*one) for one in week), default=0)
    busiest = max(week, key=lambda one: found.of_weekly_hour(*one))
    full, short = _weekdays("wide"), _weekdays("abbreviated")
    title = _(
        "The busiest hour of the week is from %(first)s to %(last)s, %(weekday)s.",
        weekday=full[busiest[0]],
        first=_hour(busiest[1]),
        last=_hour(busiest[1] + 1),
    )
    rows = [
        (_hour(hour), [_cell(found.of_weekly_hour(weekday, hour), most) for weekday in range(WEEK_DAYS)])
        for hour in range(HOURS)
    ]
    return Heat(title, list(zip(short, full, strict=True)), rows)


def _cell(count: int, most: int) -> HeatCell:
    return HeatCell(count, math.ceil(LEVELS * count / most) if most else 0)


def _chart(title: str, about: str, labels: Sequence[str], ticks: Sequence[str], calls: Sequence[Calls]) -> Chart:
    top = _round_top(max((one.count for one in calls), default=0))
    room = (RIGHT - LEFT) / max(1, len(calls))

    def y(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

    columns = [
        Column(
            label=label,
            calls=one,
            x=round(LEFT + room * (place + (1 - BAR) / 2), 1),
            width=round(room * BAR, 1),
            answered_y=y(one.answered),
            rest_y=y(one.count),
            tick=tick,
            middle=round(LEFT + room * (place + 0.5), 1),
        )
        for place, (label, tick, one) in enumerate(zip(labels, ticks, calls, strict=True))
    ]
    return Chart(title, about, columns, [Line(y(count), _number(count)) for count in (0, top // 2, top)])


def _round_top(most: int) -> int:
    """An even number that is easy to read, and not below."""
    size: int = 10 ** max(0, len(str(most)) - 1)
    return next(top * size for top in (1, 2, 3, 4, 5, 6, 8, 10) if top * size >= max(2, most) and top * size % 2 == 0)


def _weekdays(width: Literal["wide", "abbreviated"]) -> Sequence[str]:
    """From Monday on."""
    names = get_day_names(width, "stand-alone", language())
    return [names[day] for day in range(WEEK_DAYS)]


def _hour(hour: int) -> str:
    return f"{hour:02}:00"


def _month(day: date) -> str:
    return format_date(day, "MMMM y", locale=language())


def _short_day(day: date) -> str:
    return format_date(day, "d MMM", locale=language())


def _short_month(day: date) -> str:
    return format_date(day, "MMM", locale=language())


def _number(count: int) -> str:
    return format_decimal(count, locale=language())
