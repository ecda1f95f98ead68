"""Which shift a form means, and what speaks against it, at its fields. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard import rule_words, shift_problems, typed
from dashboard.plan_meant import NO_RULE
from dashboard.shift_form import DUTY, LEARNS, ONCE, RULE, WEEKLY, ShiftForm
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import recurrence
from phoneline.recurrence import RuleError
from phoneline.shift_checks import Draft
from phoneline.shift_faults import Problem
from phoneline.shift_plans import Which
from phoneline.spreadsheets import cells
from phoneline.states import Duty

NO_WEEKS = N_("Please write a number of weeks from 1 to 52.")
MOST_WEEKS = 52
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Changed:
    """The shift that is changed, as it is, and the date from which the form begins."""

    shift: Draft
    at: datetime
    which: Which


def draft(form: ShiftForm, zone: ZoneInfo, changed: Changed | None = None) -> tuple[Draft | None, Mapping[str, str]]:
    """What is meant, and what of the form can't be read, by field."""
    day, starts, ends = typed.day(form.day), typed.clock(form.starts), typed.clock(form.ends)
    repeats = form.repeat if changed is None or changed.which is not Which.ONE else ONCE
    unread = {
        "day": "" if day else typed.NO_DAY,
        "starts": "" if starts else typed.NO_TIME,
        "ends": "" if ends else typed.NO_TIME,
        "ends_on": "" if not form.ends_on or typed.day(form.ends_on) else typed.NO_DAY,
        "every": NO_WEEKS if repeats == WEEKLY and _weeks(form.every) is None else "",
        "until": "" if repeats != WEEKLY or not form.until or typed.day(form.until) else typed.NO_DAY,
        "rrule": NO_RULE if repeats == RULE and not form.rrule else "",
    }
    problems = {name: _(problem) for name, problem in unread.items() if problem}
    if day is None or starts is None or ends is None or problems:
        return None, problems
    begins = datetime.combine(day, starts)
    over = datetime.combine(typed.day(form.ends_on) or _day_of_end(day, starts, ends), ends)
    whole = Draft(
        person_id=form.who or None,
        starts_local=begins,
        ends_local=over,
        rrule="" if repeats == ONCE else _rule(form, begins, changed),
        tier=int(form.tier),
        duty=Duty.COORDINATOR if form.kind == DUTY else Duty.CALLS,
        shadow=form.kind == LEARNS,
    )
    return _from_its_first_date(_all_dates(whole, changed), zone, changed), {}


def _day_of_end(day: date, starts: time, ends: time) -> date:
    """Past midnight it is the next day."""
    return day if ends > starts else day + _DAY


def _rule(form: ShiftForm, begins: datetime, changed: Changed | None) -> str:
    if form.repeat == RULE:
        return cells.rule(form.rrule)
    # None ticked: that of the first day.
    days = list(form.days) or [list(rule_words.DAYS)[begins.weekday()]]
    before = rule_words.weekly(changed.shift.rrule, changed.at) if changed and changed.shift.rrule else None
    if before and changed:
        moved = (begins.date() - changed.at.date()).days
        same = (before.every, before.until) == (_weeks(form.every), form.until)
        if days == list(before.days) and moved and list(rule_words.DAYS)[changed.at.weekday()] in days:
            # Another day for this date means another day of the week.
            days = [list(rule_words.DAYS)[(list(rule_words.DAYS).index(one) + moved) % 7] for one in days]
            days = [one for one in rule_words.DAYS if one in days]
        if same and days == list(before.days):
            # In other words it would be another shift.
            return changed.shift.rrule
    every, until = _weeks(form.every) or 1, form.until.replace("-", "")
    parts = [
        "FREQ=WEEKLY",
        f"INTERVAL={every}" if every > 1 else "",
        f"BYDAY={','.join(days)}",
        f"UNTIL={until}T235959" if until else "",
    ]
    return ";".join(part for part in parts if part)


def _weeks(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 2 else 0  # noqa: PLR2004 - 52 has two digits
    return number if 1 <= number <= MOST_WEEKS else None


def _all_dates(whole: Draft, changed: Changed | None) -> Draft:
    """A change of all dates begins where the shift began, by as much earlier or later as this date is now."""
    if changed is None or changed.which is not Which.ALL or not changed.shift.rrule or not whole.rrule:
        return whole
    moved = changed.shift.starts_local + (whole.starts_local - changed.at)
    return replace(whole, starts_local=moved, ends_local=moved + (whole.ends_local - whole.starts_local))


def _from_its_first_date(whole: Draft, zone: ZoneInfo, changed: Changed | None) -> Draft:
    """The first day is one on which it takes place, so that the weeks are counted from there."""
    if not whole.rrule or (changed is not None and whole.rrule == changed.shift.rrule):
        return whole
    try:
        first = recurrence.first_start(whole.rrule, whole.starts_local, zone)
    except RuleError:
        return whole
    if first is None:
        return whole
    return replace(whole, starts_local=first, ends_local=first + (whole.ends_local - whole.starts_local))


# What speaks against it, at its field

FIELD_OF = {
    "person_id": "who",
    "starts_local": "starts",
    "ends_local": "ends",
    "occurs_local": "day",
    "duty": "kind",
    "shadow": "kind",
    "change": "",
}


def at_fields(problems: Sequence[Problem], form: ShiftForm) -> Mapping[str, str]:
    """What speaks against a shift, as sentences at the fields of the form; under no name what is about none."""
    found: dict[str, str] = {}
    for problem in problems:
        where = FIELD_OF.get(problem.field, problem.field)
        if where == "rrule" and form.repeat != RULE:
            where = "days" if form.repeat == WEEKLY else "day"
        found.setdefault(where, shift_problems.sentence(problem))
    return found
