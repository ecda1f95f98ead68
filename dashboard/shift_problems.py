"""What speaks against a shift, as whole sentences. Pure."""

from collections.abc import Mapping
from datetime import datetime

from dashboard import times
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import recurrence, shift_checks, shift_dates, shift_plans
from phoneline.roster_states import Refusal
from phoneline.shift_checks import Problem

_SAID: Mapping[str, str] = {
    shift_checks.BACKWARDS: N_("The end must be later than the start; a shift past midnight ends the next day."),
    shift_checks.TOO_LONG: N_("The end must be at most %(days)s days after the start; let it repeat instead."),
    shift_checks.SKIPPED: N_("The end lies in the hour that the clocks skip that night; choose a later end."),
    shift_checks.TOO_OFTEN: N_("It comes too often in a day; write the rule like FREQ=WEEKLY;BYDAY=MO."),
    shift_checks.MEETS_ITSELF: N_("The end is after the next one has begun; choose an earlier end, or fewer days."),
    shift_checks.NOBODYS_DUTY: N_("Whose it is is missing; a coordinator's duty is always somebody's."),
    shift_checks.NO_COORDINATOR: N_("This person is no coordinator; choose one of them."),
    shift_checks.DUTY_ALONE: N_(
        "Sitting in is for volunteers' shifts; a coordinator's duty is done by whoever has it."
    ),
    shift_checks.NOBODY_SITS_IN: N_("Whose it is is missing; say who sits in."),
    shift_checks.NO_VOLUNTEER: N_("This person is no volunteer; choose one of the team."),
    shift_checks.NOT_READY: N_("This person isn't ready to be rung yet; let them sit in, or say that they are ready."),
    shift_checks.THERE_ALREADY: N_(
        "This start is that of another shift with the same person and rule; change that one instead."
    ),
    shift_dates.ENDS_BY_NOW: N_("The end must be later than now."),
    shift_dates.HAS_BEGUN: N_("This start can't change any more, since it has begun; its end can."),
    shift_dates.IS_OVER: N_("This date is over."),
    shift_dates.OF_ALL: N_("What it is is the same for all dates of a shift; make another shift."),
    shift_plans.OVER: N_("This date is over, or has begun."),
    shift_plans.NO_DATE: N_("This date isn't a date of this shift any more."),
    shift_plans.NOT_HERE: N_("This can't be undone."),
    shift_plans.CHANGED_SINCE: N_("This can't be undone: it has been changed again since."),
}
_REFUSED: Mapping[Refusal, str] = {
    Refusal.PAST: N_("This is over already, on %(when)s."),
    Refusal.FULL: N_("Somebody else has it, on %(when)s."),
    Refusal.CLASHES: N_("They are on another shift then, on %(when)s."),
    Refusal.NOT_READY: N_("They aren't ready to be rung yet; they may sit in, on %(when)s."),
    Refusal.HOURS_A_WEEK: N_("They would be on for more hours in that week than agreed, on %(when)s."),
    Refusal.SHIFTS_A_WEEK: N_("They would have more shifts in that week than agreed, on %(when)s."),
    Refusal.REST: N_("They would have too little rest between two shifts, on %(when)s."),
    Refusal.DAY_OFF: N_("They have that day off, on %(when)s."),
    Refusal.UNAVAILABLE: N_("They said that they can't then, on %(when)s."),
    Refusal.APART: N_("They would be on together with somebody they don't work with, on %(when)s."),
}
_RULES: Mapping[str, str] = {
    recurrence.NEVER: N_("The rule never comes about; write it like FREQ=WEEKLY;BYDAY=MO."),
    recurrence.TOO_FAST: N_("The rule's FREQ must be HOURLY or slower; write it like FREQ=WEEKLY;BYDAY=MO."),
    recurrence.WITH_START: N_("Leave DTSTART out of the rule: the first day and the time take its place."),
    recurrence.STEPS_TOO_LONG: N_("The rule's INTERVAL must be from 1 to %(steps)s."),
    recurrence.UNREADABLE: N_("This is not an RFC 5545 rule; write it like FREQ=WEEKLY;BYDAY=MO."),
}
_ALONE = N_("This person can sit in only while they are learning, beside somebody who is ready, on %(when)s.")


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it."""
    if problem.why is not None and problem.at is not None:
        return _dated(problem, problem.why, problem.at)
    if problem.reason in _SAID:
        return _(_SAID[problem.reason], days=shift_checks.LONGEST.days)
    of_rule = next((said for reason, said in _RULES.items() if problem.reason.startswith(reason)), None)
    if of_rule is None:
        raise LookupError(problem.reason)
    return _(of_rule, steps=recurrence.MOST_STEPS)


def _dated(problem: Problem, why: Refusal, at: datetime) -> str:
    """Of one of its dates."""
    when = _("%(day)s at %(time)s", day=times.full_date(at, with_year=False), time=f"{at:%H:%M}")
    said = _(_ALONE if problem.reason.startswith(shift_checks.ALONE) else _REFUSED[why], when=when)
    return _("This can't be undone. %(reason)s", reason=said) if problem.field == "change" else said
