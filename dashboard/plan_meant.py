"""Which check-in plans a form means, and what speaks against them, at its fields. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dashboard import plan_problems, rule_words, typed
from dashboard.plan_form import ONCE, RULE, STEP_DOWN, WEEKLY, PlanForm, last_day
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.plan_checks import Draft, Problem
from phoneline.spreadsheets import cells
from phoneline.states import PlanKind, PlanVoicemail, Purpose

STEP_DAYS = 5
UNREADABLE = -1
"""In place of what is no number: refused in the same words as one that is too small."""
_MINUTES = re.compile(r"\d{1,4}(\.\d{1,2})?")
NO_DAYS = N_("Please choose at least one day of the week.")
NO_RULE = N_("Please write the rule, such as FREQ=WEEKLY;BYDAY=MO.")
NO_QUIET = N_("Please fill in both: from when, and until when. Or leave both empty.")


def drafts(form: PlanForm, now_local: datetime, before: Draft | None) -> tuple[Sequence[Draft], Mapping[str, str]]:
    """The plans that are meant, usually one, and what of the form can't be read. `before`: the plan that is changed."""
    clock = typed.clock(form.time)
    start = typed.day(form.start) if form.start else _next_day(now_local, clock)
    unread = {
        "time": "" if clock else typed.NO_TIME,
        "start": "" if start else typed.NO_DAY,
        "last_day": "" if not form.last_day or typed.day(form.last_day) else typed.NO_DAY,
        "days": NO_DAYS if form.repeat in {WEEKLY, STEP_DOWN} and not form.days else "",
        "rrule": NO_RULE if form.repeat == RULE and not form.rrule else "",
        "quiet_from": NO_QUIET if bool(form.quiet_from) != bool(form.quiet_to) else "",
        "escalate_to": typed.NO_NUMBER if form.escalate_to and not typed.number(form.escalate_to) else "",
    }
    problems = {name: _(problem) for name, problem in unread.items() if problem}
    if start is None or clock is None:
        return [], problems
    starts_local = datetime.combine(start, clock)
    one = _settings(form, starts_local, before)
    if form.repeat == STEP_DOWN:
        later = starts_local + timedelta(days=STEP_DAYS)
        return [replace(one, rrule=f"FREQ=DAILY;COUNT={STEP_DAYS}"), replace(one, starts_local=later)], problems
    return [one], problems


def _next_day(now_local: datetime, clock: time | None) -> date:
    """The day on which this time comes next."""
    return now_local.date() + timedelta(days=clock is not None and clock <= now_local.time())


def _settings(form: PlanForm, starts_local: datetime, before: Draft | None) -> Draft:
    return Draft(
        starts_local=starts_local,
        rrule=_rule(form, starts_local, before),
        kind=PlanKind(form.kind),
        purpose=Purpose(form.purpose),
        volunteer_id=form.volunteer or None,
        escalate_to=_escalate_to(form, before),
        topics=form.topics or None,
        attempts=_number(form.attempts),
        retry_seconds=_seconds(form.retry),
        ring_seconds=_number(form.ring),
        second_on_retry=form.second,
        extension=form.extension.replace(" ", "") or None,
        voicemail=PlanVoicemail(form.voicemail) if form.voicemail else None,
        discreet=form.discreet,
        quiet=f"{form.quiet_from}-{form.quiet_to}" if form.quiet_from and form.quiet_to else None,
        ends_local=_ends(form, before),
    )


def _rule(form: PlanForm, starts_local: datetime, before: Draft | None) -> str:
    if form.repeat == ONCE:
        return ""
    if form.repeat == RULE:
        return cells.rule(form.rrule)
    if before and list(rule_words.days(before.rrule, starts_local) or ()) == list(form.days):
        # In other words it would be another plan.
        return before.rrule
    return f"FREQ=WEEKLY;BYDAY={','.join(form.days)}"


def _ends(form: PlanForm, before: Draft | None) -> datetime | None:
    """The midnight after the last day; what was there to the minute stays if its day does."""
    if before and form.last_day == last_day(before):
        return before.ends_local
    last = typed.day(form.last_day)
    return datetime.combine(last + timedelta(days=1), time()) if last else None


def _escalate_to(form: PlanForm, before: Draft | None) -> str | None:
    if form.escalate_off:
        return None
    return typed.number(form.escalate_to) or (before.escalate_to if before else None)


def _number(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else UNREADABLE  # noqa: PLR2004 - more is too much


def _seconds(minutes: str) -> int | None:
    if not minutes:
        return None
    return round(float(minutes) * 60) if _MINUTES.fullmatch(minutes) else UNREADABLE


# What speaks against them, at its field

FIELD_OF = {
    "person": "person",
    "kind": "kind",
    "rrule": "rrule",
    "ends_local": "last_day",
    "volunteer_id": "volunteer",
    "retry_seconds": "retry",
    "ring_seconds": "ring",
    "quiet": "quiet_from",
}


def at_fields(problems: Sequence[Problem], form: PlanForm, name: str) -> Mapping[str, str]:
    """What speaks against a plan, as sentences at the fields of the form."""
    found: dict[str, str] = {}
    for problem in problems:
        where = FIELD_OF.get(problem.field, problem.field)
        if where == "rrule" and form.repeat != RULE:
            where = "days" if form.repeat in {WEEKLY, STEP_DOWN} else "start"
        found.setdefault(where, plan_problems.sentence(problem, name))
    return found
