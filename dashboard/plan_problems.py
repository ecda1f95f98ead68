"""What speaks against a check-in plan, as whole sentences. Pure."""

from collections.abc import Mapping

from dashboard.numbers import WHY_NOT
from dashboard.shift_problems import RULES
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.countries import WhyNot
from phoneline.plan_checks import Fault, Problem
from phoneline.recurrence import MOST_STEPS, RuleFault

SAID: Mapping[Fault, str] = {
    Fault.NO_NUMBER: N_("%(who)s has no telephone number; give them one first."),
    Fault.STOPPED: N_("They have stopped automated calls themselves; it takes their own word to have them again."),
    Fault.NOT_AGREED: N_("They haven't agreed to automated calls; ask them and record their consent first."),
    Fault.STOPPED_VOLUNTEERS: N_(
        "They have stopped calls by volunteers themselves; it takes their own word to have them."
    ),
    Fault.BACKWARDS: N_("The last day must be later than the start."),
    Fault.BEFORE_THE_FIRST: N_("The last day is before the first call, %(first)s; choose a later end."),
    Fault.NO_VOLUNTEER: N_("This volunteer is no volunteer; choose one of the team."),
    Fault.THEMSELVES: N_("This volunteer is the person themselves; choose somebody else."),
    Fault.APART: N_("This volunteer is kept apart from them; choose somebody else."),
    Fault.OWN_NUMBER: N_("This is their own number; give the number of whoever is to be told."),
    Fault.ATTEMPTS: N_("Attempts must be a whole number from %(least)s to %(most)s."),
    Fault.RETRY: N_("The time between attempts must be from %(least)s to %(most)s seconds, that is 24 hours."),
    Fault.RING: N_("How long it rings must be from %(least)s to %(most)s seconds."),
    Fault.EXTENSION: N_("The extension must be up to 30 keys: digits, *, # and w to wait half a second."),
    Fault.TOPICS: N_("What may be told must be at most %(most)s characters; they are read aloud."),
    Fault.QUIET: N_("Quiet hours must be two times of day, such as 20:00-09:00."),
}
CANT_BE_CALLED: Mapping[WhyNot, str] = {
    WhyNot.LINES_OWN: N_(
        "%(who)s can't be called: their number is the line's own number; give the number of the person's own telephone."
    ),
    WhyNot.BY_THE_MINUTE: N_(
        "%(who)s can't be called: their number is a number that costs by the minute; "
        "give the number of an ordinary telephone."
    ),
    WhyNot.COUNTRY: N_(
        "%(who)s can't be called: their number is of a country that the line doesn't ring, only %(countries)s: "
        "see the settings."
    ),
}


def sentence(problem: Problem, name: str) -> str:
    """What is wrong with a field and how to mend it; `name` is the peer's."""
    return _(_marked(problem), who=name, steps=MOST_STEPS, **problem.values)


def _marked(problem: Problem) -> str:
    match problem.why:
        case WhyNot() as why:
            return (CANT_BE_CALLED if problem.field == "person" else WHY_NOT)[why]
        case RuleFault() as why:
            return RULES[why]
        case Fault() as why:
            return SAID[why]
