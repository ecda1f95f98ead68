"""The words of shifts: what they are to somebody, and which limit stands against it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import Moment, clock, dated, weekday
from dashboard.tongue import N_, ngettext
from dashboard.tongue import gettext as _
from phoneline.roster_states import Refusal
from phoneline.shift_states import ShiftState
from phoneline.work_limits import Limits

SHAPES: Mapping[ShiftState, str] = {
    ShiftState.MINE: "talking",
    ShiftState.FREE: "free",
    ShiftState.CLASHES: "wrapping",
    ShiftState.NOT_READY: "paused",
    ShiftState.LIMIT: "paused",
    ShiftState.FULL: "done",
    ShiftState.PAST: "missed",
}
"""A shape beside each word: a state is never a colour alone."""


@dataclass(frozen=True)
class Voice:
    """To whom a page speaks: to the volunteer, or to a coordinator about them, by name."""

    name: str
    own: bool = True

    def say(self, to_them: str, about_them: str) -> str:
        return to_them if self.own else about_them.replace("{name}", self.name)


def state(state: ShiftState, voice: Voice) -> str:
    """In one word, or few."""
    named: Mapping[ShiftState, str] = {
        ShiftState.MINE: voice.say(_("yours"), _("%(name)s's", name=voice.name)),
        ShiftState.FREE: _("free"),
        ShiftState.CLASHES: voice.say(_("you are on then"), _("%(name)s is on then", name=voice.name)),
        ShiftState.NOT_READY: voice.say(_("not yet for you"), _("not yet for %(name)s", name=voice.name)),
        ShiftState.LIMIT: _("against a limit"),
        ShiftState.FULL: _("taken"),
        ShiftState.PAST: _("over"),
    }
    return named[state]


_WHY: Mapping[Refusal, tuple[str, str]] = {
    Refusal.PAST: (N_("That is over, or too late now."),) * 2,
    Refusal.FULL: (N_("Somebody else has that shift."),) * 2,
    Refusal.CLASHES: (N_("You are on shift then anyway."), N_("%(name)s is on shift then anyway.")),
    Refusal.NOT_READY: (
        N_("Only who is trained takes calls. Who learns sits in while somebody trained is on."),
        N_("%(name)s isn't trained yet. Who learns sits in while somebody trained is on."),
    ),
    Refusal.HOURS_A_WEEK: (N_("With it that week would have more than %(hours_a_week)s."),) * 2,
    Refusal.SHIFTS_A_WEEK: (N_("With it that week would have more than %(shifts_a_week)s."),) * 2,
    Refusal.REST: (N_("It leaves less than %(rest)s of rest before or after another shift."),) * 2,
    Refusal.DAY_OFF: (N_("It is on a day off of yours."), N_("It is on a day off of %(name)s.")),
    Refusal.UNAVAILABLE: (N_("You said that you can't then."), N_("%(name)s can't then.")),
    # Who is meant, and why, is for coordinators alone.
    Refusal.APART: (
        N_("It doesn't fit with who else is on then. A coordinator can tell you more."),
        N_("Somebody is on then from whom %(name)s is kept apart."),
    ),
}


def why(refusal: Refusal, limits: Limits, voice: Voice) -> str:
    """Why they can't have some hours, as one sentence."""
    to_them, about_them = _WHY[refusal]
    return _(
        to_them if voice.own else about_them,
        name=voice.name,
        hours_a_week=hours(limits.hours_a_week or 0),
        shifts_a_week=shifts(limits.shifts_a_week or 0),
        rest=hours(limits.rest_hours or 0),
    )


def hours(count: int) -> str:
    """Such as "six hours"."""
    return ngettext("%(number)s hour", "%(number)s hours", count, number=words.number(count))


def shifts(count: int) -> str:
    """Such as "two shifts"."""
    return ngettext("%(number)s shift", "%(number)s shifts", count, number=words.number(count))


def stretch(starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    """Such as "tomorrow 18:00 to 22:00", "Friday 22:00 to Saturday 06:00", "since 18:00, until 22:00"."""
    begins, ends = at.moment(starts_at), _ends(starts_at, ends_at, at)
    if starts_at > at.now:
        return _("%(begins)s to %(ends)s", begins=begins, ends=ends)
    return _("since %(begins)s, until %(ends)s", begins=begins, ends=ends)


def dated_stretch(starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    """As `stretch`, wherever it lies: "Friday 20 November 18:00 to 22:00"."""
    day, time = dated(starts_at, at.now, at.zone), clock(starts_at, at.zone)
    begins = _("%(day)s %(time)s", day=day, time=time)
    return _("%(begins)s to %(ends)s", begins=begins, ends=_ends(starts_at, ends_at, at))


def _ends(starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    """With its weekday, if that is another."""
    first, last = (one.astimezone(at.zone).date() for one in (starts_at, ends_at))
    time = clock(ends_at, at.zone)
    return time if first == last else _("%(day)s %(time)s", day=weekday(last), time=time)
