"""What speaks against a shift, as whole sentences. Pure."""

from collections.abc import Mapping
from datetime import datetime

from dashboard import times
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.recurrence import MOST_STEPS, RuleFault
from phoneline.roster_states import Refusal
from phoneline.shift_faults import Fault, Problem
from phoneline.shift_rules import LONGEST

RULES: Mapping[RuleFault, str] = {
    RuleFault.NEVER: N_("The rule never comes about; write it like FREQ=WEEKLY;BYDAY=MO."),
    RuleFault.TOO_FAST: N_("The rule's FREQ must be HOURLY or slower; write it like FREQ=WEEKLY;BYDAY=MO."),
    RuleFault.WITH_START: N_("Leave DTSTART out of the rule: the first day and the time take its place."),
    RuleFault.STEPS_TOO_LONG: N_("The rule's INTERVAL must be from 1 to %(steps)s."),
    RuleFault.UNREADABLE: N_("This is not an RFC 5545 rule; write it like FREQ=WEEKLY;BYDAY=MO."),
}
SAID: Mapping[Fault | Refusal, str] = {
    Fault.BACKWARDS: N_("The end must be later than the start; a shift past midnight ends the next day."),
    Fault.TOO_LONG: N_("The end must be at most %(days)s days after the start; let it repeat instead."),
    Fault.SKIPPED: N_("The end lies in the hour that the clocks skip that night; choose a later end."),
    Fault.TOO_OFTEN: N_("It comes too often in a day; write the rule like FREQ=WEEKLY;BYDAY=MO."),
    Fault.MEETS_ITSELF: N_("The end is after the next one has begun; choose an earlier end, or fewer days."),
    Fault.NOBODYS_DUTY: N_("Whose it is is missing; a coordinator's duty is always somebody's."),
    Fault.NO_COORDINATOR: N_("This person is no coordinator; choose one of them."),
    Fault.DUTY_ALONE: N_("Sitting in is for volunteers' shifts; a coordinator's duty is done by whoever has it."),
    Fault.NOBODY_SITS_IN: N_("Whose it is is missing; say who sits in."),
    Fault.NO_VOLUNTEER: N_("This person is no volunteer; choose one, or, for a coordinator, their duty."),
    Fault.NOT_READY: N_("This person isn't ready to be rung yet; let them sit in, or say that they are ready."),
    Fault.THERE_ALREADY: N_(
        "This start is that of another shift with the same person and rule; change that one instead."
    ),
    Fault.ENDS_BY_NOW: N_("The end must be later than now."),
    Fault.HAS_BEGUN: N_("This start can't change any more, since it has begun; its end can."),
    Fault.IS_OVER: N_("This date is over."),
    Fault.OF_ALL: N_("What it is is the same for all dates of a shift; make another shift."),
    Fault.OVER_OR_BEGUN: N_("This date is over, or has begun."),
    Fault.NO_DATE: N_("This date isn't a date of this shift any more."),
    Fault.NOT_HERE: N_("This can't be undone."),
    Fault.CHANGED_SINCE: N_("This can't be undone: it has been changed again since."),
    Fault.SITS_IN_ALONE: N_(
        "This person can sit in only while they are learning, beside somebody who is ready, on %(when)s."
    ),
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


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it."""
    marked = RULES[problem.why] if isinstance(problem.why, RuleFault) else SAID[problem.why]
    said = _(marked, when=_when(problem.at), days=LONGEST.days, steps=MOST_STEPS)
    if problem.field == "change" and isinstance(problem.why, Refusal):
        return _("This can't be undone. %(reason)s", reason=said)
    return said


def _when(at: datetime | None) -> str:
    return _("%(day)s at %(time)s", day=times.full_date(at, with_year=False), time=f"{at:%H:%M}") if at else ""
