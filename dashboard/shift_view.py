"""A shift, and what can be done about it, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import roster_cover, rule_words, words
from dashboard.queries_shift import DateOf, Team
from dashboard.times import Moment
from phoneline.roster_states import RosterAct
from phoneline.shift_plans import Which
from phoneline.states import Duty

Choice = tuple[str, str]
DONE: Mapping[RosterAct, str] = {
    RosterAct.MADE: "It is on the roster now.",
    RosterAct.CHANGED: "It is changed.",
    RosterAct.GIVEN: "It is changed.",
    RosterAct.ENDED: "It is off the roster now.",
    RosterAct.UNDONE: "It is as it was before.",
}


@dataclass(frozen=True)
class ShiftPage:
    """What the page says of one date of a shift."""

    answer: str
    rule: str
    """When it comes again; empty for once."""
    choices: Sequence[Choice]
    """How much a change may be of; none where there is nothing to choose."""
    ends: Sequence[Choice]
    """The same, as what doesn't take place any more."""
    off: bool
    over: bool
    """Nothing can change any more."""
    begun: bool


def build(found: DateOf, rrule: str, team: Team, at: Moment) -> ShiftPage:
    begun = not found.off and found.starts_at <= at.now
    over = not found.there or (found.ends_at <= at.now and not (found.off and found.starts_at > at.now))
    repeats = bool(rrule)
    day = day_of(found.on, at)
    return ShiftPage(
        answer=answer(found, team, at, over=over),
        rule=words.sentence(rule_words.when(found.on, rrule, at.now.astimezone(at.zone).year)) if rrule else "",
        choices=[] if over or not repeats else _choices(day, begun=begun),
        ends=[] if over else _ends(day, repeats=repeats, begun=begun, off=found.off),
        off=found.off,
        over=over,
        begun=begun,
    )


def day_of(local: datetime, at: Moment) -> str:
    """Such as "Monday 7 December"."""
    year = at.now.astimezone(at.zone).year
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if local.year != year else "")


def answer(found: DateOf, team: Team, at: Moment, *, over: bool) -> str:
    draft = found.draft
    who = team.name(draft.person_id) or "Nobody yet"
    if draft.duty is Duty.COORDINATOR:
        who = f"{who}, coordinator on duty"
    elif draft.shadow:
        who = f"{who}, learning"
    elif draft.tier > 1:
        who = f"{who}, backup"
    when = day_of(draft.starts_local, at)
    if not found.there:
        return f"{words.sentence(when)}: this shift doesn't take place any more."
    if found.off:
        return f"{words.sentence(when)}: this shift doesn't take place that day."
    span = roster_cover.span(found.starts_at, found.ends_at, at.zone)
    return f"{who}: {when}, {span}." + (" That is over." if over else "")


def _choices(day: str, *, begun: bool) -> Sequence[Choice]:
    if begun:
        return [
            (Which.ONE.value, f"Only {day}, which has begun: its end can change"),
            (Which.ALL.value, "Every date that hasn't begun; what has been stays as it was"),
        ]
    return [
        (Which.ONE.value, f"Only {day}; all other dates stay as they are"),
        (Which.FROM_HERE.value, f"{words.sentence(day)} and every date after it; earlier ones stay as they are"),
        (Which.ALL.value, "Every date that is to come; what has been stays as it was"),
    ]


def _ends(day: str, *, repeats: bool, begun: bool, off: bool) -> Sequence[Choice]:
    one = (Which.ONE.value, f"End it now, on {day}" if begun else f"Only {day}")
    if not repeats:
        return [(Which.ONE.value, "End it now")] if begun else [(Which.ALL.value, "Take it off")]
    from_here = (Which.FROM_HERE.value, f"{words.sentence(day)} and all after it")
    every = (Which.ALL.value, "All that are to come")
    return [*([] if off else [one]), *([] if begun else [from_here]), every]
