"""A shift, and what can be done about it, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import roster_cover, rule_words, words
from dashboard.queries_shift import DateOf, Team
from dashboard.times import Moment, full_date
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.roster_states import RosterAct
from phoneline.shift_plans import Which
from phoneline.states import Duty

Choice = tuple[str, str]
DONE: Mapping[RosterAct, str] = Phrases(
    {
        RosterAct.MADE: N_("It is on the roster now."),
        RosterAct.CHANGED: N_("It is changed."),
        RosterAct.GIVEN: N_("It is changed."),
        RosterAct.ENDED: N_("It is off the roster now."),
        RosterAct.UNDONE: N_("It is as it was before."),
    }
)


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
    return full_date(local, with_year=local.year != at.now.astimezone(at.zone).year)


def answer(found: DateOf, team: Team, at: Moment, *, over: bool) -> str:
    draft = found.draft
    who = team.name(draft.person_id) or _("Nobody yet")
    if draft.duty is Duty.COORDINATOR:
        who = _("%(who)s, coordinator on duty", who=who)
    elif draft.shadow:
        who = _("%(who)s, learning", who=who)
    elif draft.tier > 1:
        who = _("%(who)s, backup", who=who)
    when = day_of(draft.starts_local, at)
    if not found.there:
        return words.sentence(_("%(day)s: this shift doesn't take place any more.", day=when))
    if found.off:
        return words.sentence(_("%(day)s: this shift doesn't take place that day.", day=when))
    span = roster_cover.span(found.starts_at, found.ends_at, at.zone)
    told = _("%(who)s: %(day)s, %(span)s.", who=who, day=when, span=span)
    return " ".join([told, _("That is over.")]) if over else told


def _choices(day: str, *, begun: bool) -> Sequence[Choice]:
    if begun:
        return [
            (Which.ONE.value, _("Only %(day)s, which has begun: its end can change", day=day)),
            (Which.ALL.value, _("Every date that hasn't begun; what has been stays as it was")),
        ]
    from_here = _("%(day)s and every date after it; earlier ones stay as they are", day=day)
    return [
        (Which.ONE.value, _("Only %(day)s; all other dates stay as they are", day=day)),
        (Which.FROM_HERE.value, words.sentence(from_here)),
        (Which.ALL.value, _("Every date that is to come; what has been stays as it was")),
    ]


def _ends(day: str, *, repeats: bool, begun: bool, off: bool) -> Sequence[Choice]:
    one = (Which.ONE.value, _("End it now, on %(day)s", day=day) if begun else _("Only %(day)s", day=day))
    if not repeats:
        return [(Which.ONE.value, _("End it now"))] if begun else [(Which.ALL.value, _("Take it off"))]
    from_here = (Which.FROM_HERE.value, words.sentence(_("%(day)s and all after it", day=day)))
    every = (Which.ALL.value, _("All that are to come"))
    return [*([] if off else [one]), *([] if begun else [from_here]), every]
