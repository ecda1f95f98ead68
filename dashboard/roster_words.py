"""The words of shifts: what they are to somebody, and which limit stands against it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import Moment, clock, dated
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
        return to_them if self.own else about_them.format(name=self.name)


def state(state: ShiftState, voice: Voice) -> str:
    """In one word, or few."""
    named: Mapping[ShiftState, str] = {
        ShiftState.MINE: voice.say("yours", "{name}'s"),
        ShiftState.FREE: "free",
        ShiftState.CLASHES: voice.say("you are on then", "{name} is on then"),
        ShiftState.NOT_READY: voice.say("not yet for you", "not yet for {name}"),
        ShiftState.LIMIT: "against a limit",
        ShiftState.FULL: "taken",
        ShiftState.PAST: "over",
    }
    return named[state]


_WHY: Mapping[Refusal, tuple[str, str]] = {
    Refusal.PAST: ("That is over, or too late now.",) * 2,
    Refusal.FULL: ("Somebody else has that shift.",) * 2,
    Refusal.CLASHES: ("You are on shift then anyway.", "{name} is on shift then anyway."),
    Refusal.NOT_READY: (
        "Only who is trained takes calls. Who learns sits in while somebody trained is on.",
        "{name} isn't trained yet. Who learns sits in while somebody trained is on.",
    ),
    Refusal.HOURS_A_WEEK: ("With it that week would have more than {hours_a_week}.",) * 2,
    Refusal.SHIFTS_A_WEEK: ("With it that week would have more than {shifts_a_week}.",) * 2,
    Refusal.REST: ("It leaves less than {rest} of rest before or after another shift.",) * 2,
    Refusal.DAY_OFF: ("It is on a day off of yours.", "It is on a day off of {name}."),
    Refusal.UNAVAILABLE: ("You said that you can't then.", "{name} can't then."),
    # Who is meant, and why, is for coordinators alone.
    Refusal.APART: (
        "It doesn't fit with who else is on then. A coordinator can tell you more.",
        "Somebody is on then from whom {name} is kept apart.",
    ),
}


def why(refusal: Refusal, limits: Limits, voice: Voice) -> str:
    """Why they can't have some hours, as one sentence."""
    to_them, about_them = _WHY[refusal]
    return (to_them if voice.own else about_them).format(
        name=voice.name,
        hours_a_week=words.counted(limits.hours_a_week or 0, "hour", "hours"),
        shifts_a_week=words.counted(limits.shifts_a_week or 0, "shift", "shifts"),
        rest=words.counted(limits.rest_hours or 0, "hour", "hours"),
    )


def stretch(starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    """Such as "tomorrow 18:00 to 22:00", "Friday 22:00 to Saturday 06:00", "since 18:00, until 22:00"."""
    local = [one.astimezone(at.zone) for one in (starts_at, ends_at)]
    ends = clock(ends_at, at.zone) if local[0].date() == local[1].date() else f"{local[1]:%A %H:%M}"
    return f"{at.moment(starts_at)} to {ends}" if starts_at > at.now else f"since {at.moment(starts_at)}, until {ends}"


def dated_stretch(starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    """As `stretch`, wherever it lies: "Friday 20 November 18:00 to 22:00"."""
    local = [one.astimezone(at.zone) for one in (starts_at, ends_at)]
    ends = clock(ends_at, at.zone) if local[0].date() == local[1].date() else f"{local[1]:%A %H:%M}"
    return f"{dated(starts_at, at.now, at.zone)} {clock(starts_at, at.zone)} to {ends}"
