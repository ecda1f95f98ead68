"""What was filled in about somebody's limits, and about times when they can't. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from werkzeug.datastructures import MultiDict

from dashboard import typed
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.own_limits import LONGEST, Away
from phoneline.weekly_rules import of_weekdays
from phoneline.work_limits import WEEKDAYS, Limits

NUMBERS: Mapping[str, tuple[int, str]] = {
    "hours_a_week": (168, N_("Please write a whole number of hours from 1 to 168, or nothing.")),
    "shifts_a_week": (50, N_("Please write a whole number of shifts from 1 to 50, or nothing.")),
    "rest_hours": (72, N_("Please write a whole number of hours from 1 to 72, or nothing.")),
}
NO_DAY = N_("Please write the first day as year-month-day, such as 2026-11-23.")
NO_TIME = N_("Please write times as hours and minutes, such as 18:00.")
BOTH_TIMES = N_("Please fill in both times, or neither for whole days.")
WRONG_ORDER = N_("It would end before it begins. The last day may be left empty, or be the first one or later.")
TOO_LONG = N_("That is longer than a year. Please make it shorter.")
TOO_LONG_WEEKLY = N_("What comes every week can be a week long at most.")
IS_PAST = N_("That is over already.")
ALL_DAYS = N_(
    "All seven days off leave nothing. For somebody who takes no shifts for a while, fill in a time when they can't."
)
LONGEST_WORDS = 200
FIELDS = ("since", "until", "from_time", "to_time")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class LimitsForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    texts: Mapping[str, str] = field(default_factory=dict)
    days_off: frozenset[int] = frozenset()
    problem: str = ""
    wrong: str = ""

    @property
    def limits(self) -> Limits:
        """Of a form without a problem."""
        numbers = {name: int(text) if text else None for name, text in self.texts.items()}
        return Limits(**numbers, days_off=self.days_off)


def of_limits(limits: Limits) -> LimitsForm:
    """What holds now, to be changed."""
    numbers = {name: getattr(limits, name) for name in NUMBERS}
    return LimitsForm(
        {name: "" if number is None else str(number) for name, number in numbers.items()}, limits.days_off
    )


def read_limits(form: MultiDict[str, str]) -> LimitsForm:
    texts = {name: form.get(name, "").strip()[:10] for name in NUMBERS}
    days_off = frozenset(day for day in WEEKDAYS if str(day) in form.getlist("days_off"))
    for name, (most, words) in NUMBERS.items():
        if texts[name] and not (texts[name].isascii() and texts[name].isdecimal() and 1 <= int(texts[name]) <= most):
            return LimitsForm(texts, days_off, _(words), name)
    if len(days_off) == len(WEEKDAYS):
        return LimitsForm(texts, days_off, _(ALL_DAYS), "days_off")
    return LimitsForm(texts, days_off)


@dataclass(frozen=True)
class AwayForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    since: str = ""
    until: str = ""
    from_time: str = ""
    to_time: str = ""
    weekly: bool = False
    words: str = ""
    problem: str = ""
    wrong: str = ""
    away: Away | None = None


def read_away(form: Mapping[str, str], now_local: datetime) -> AwayForm:
    """From a day to a day, both included, or from a time of the first to a time of the last; perhaps every week."""
    since, until, from_time, to_time = (form.get(name, "").strip()[:20] for name in FIELDS)
    words = typed.line(form, "words", LONGEST_WORDS)
    filled = AwayForm(since, until, from_time, to_time, form.get("weekly") == "yes", words)
    first, last = typed.day(since), typed.day(until or since)
    begins, ends = _clock(from_time), _clock(to_time)
    unread = (
        (first is None, "since", NO_DAY),
        (last is None, "until", NO_DAY),
        (from_time and begins is None, "from_time", NO_TIME),
        (to_time and ends is None, "to_time", NO_TIME),
        (begins is None and ends is not None, "from_time", BOTH_TIMES),
        (ends is None and begins is not None, "to_time", BOTH_TIMES),
    )
    wrong, problem = next(((name, problem) for bad, name, problem in unread if bad), ("", ""))
    if first is None or last is None or problem:
        return replace(filled, problem=_(problem), wrong=wrong)
    starts = datetime.combine(first, begins or time())
    stops = datetime.combine(last, ends) if ends is not None else datetime.combine(last, time()) + DAY
    if first == last and stops <= starts:
        stops += DAY  # past midnight
    weekly = filled.weekly
    unfit = (
        (stops <= starts, "until", WRONG_ORDER),
        (weekly and stops - starts > timedelta(weeks=1), "until", TOO_LONG_WEEKLY),
        (stops - starts > LONGEST, "until", TOO_LONG),
        (not weekly and stops <= now_local, "until" if until else "since", IS_PAST),
    )
    wrong, problem = next(((name, problem) for bad, name, problem in unfit if bad), ("", ""))
    rule = of_weekdays([first.weekday()]) if weekly else ""
    return replace(
        filled, problem=_(problem) if problem else "", wrong=wrong, away=Away(starts, stops, rule, words or None)
    )


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def refused(form: AwayForm, problem: str) -> AwayForm:
    return replace(form, problem=problem, wrong="since")
