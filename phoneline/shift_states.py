"""What hours are to a volunteer: theirs, free to take, or why not. Pure; pages, the menu and each change go by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from phoneline.roster_states import Refusal
from phoneline.work_limits import Limits, Span, broken, covered, overlap


class ShiftState(StrEnum):
    """What hours are to one volunteer."""

    MINE = "mine"
    FREE = "free"
    CLASHES = "clashes"
    NOT_READY = "not_ready"
    LIMIT = "limit"
    """A limit of theirs stands against it; which one is said beside it."""
    FULL = "full"
    """Somebody else has them, and keeps them."""
    PAST = "past"


@dataclass(frozen=True)
class Standing:
    """What counts when a volunteer wishes for hours, around the time in question."""

    person_id: str
    ready: bool = True
    """Trained. Else they get no hours of their own."""
    shadowing: bool = False
    """Learns by sitting in beside somebody who is trained."""
    limits: Limits = field(default_factory=Limits)
    held: Mapping[str, Span] = field(default_factory=dict)
    """Their own hours by id."""
    away: Sequence[Span] = ()
    """When they can't."""
    apart: Mapping[str, Span] = field(default_factory=dict)
    """The hours, by id, of those with whom they don't work together."""
    guided: Sequence[Span] = ()
    """Hours of others who are trained: somebody who learns may sit in."""


@dataclass(frozen=True)
class Hours:
    """Hours as they stand. `offered`: whoever has them gives them away."""

    starts_at: datetime
    ends_at: datetime
    person_id: str | None = None
    shadow: bool = False
    offered: bool = False

    @property
    def span(self) -> Span:
        return self.starts_at, self.ends_at


@dataclass(frozen=True)
class Shown:
    """A state; `why`: what stands against taking them, or, where they are theirs, which limit is broken already."""

    state: ShiftState
    why: Refusal | None = None


_STATES: Mapping[Refusal, ShiftState] = {
    Refusal.PAST: ShiftState.PAST,
    Refusal.FULL: ShiftState.FULL,
    Refusal.CLASHES: ShiftState.CLASHES,
    Refusal.NOT_READY: ShiftState.NOT_READY,
}


def state(who: Standing, hours: Hours, zone: ZoneInfo, now: datetime, hours_id: str = "") -> Shown:
    """What these hours are to this volunteer. `hours_id` is needed of hours that are theirs."""
    if hours.ends_at <= now:
        return Shown(ShiftState.PAST, Refusal.PAST)
    mine = hours.person_id == who.person_id
    if not mine and hours.person_id is not None and not hours.offered:
        return Shown(ShiftState.FULL, Refusal.FULL)
    why = why_not(who, hours.span, zone, now, {hours_id}, shadow=hours.shadow)
    if mine:
        return Shown(ShiftState.MINE, why)
    return Shown(ShiftState.FREE) if why is None else Shown(_STATES.get(why, ShiftState.LIMIT), why)


def why_not(
    who: Standing,
    wished: Span,
    zone: ZoneInfo,
    now: datetime,
    but_for: Collection[str] = (),
    *,
    shadow: bool = False,
) -> Refusal | None:
    """Why they can't be on then; None if they can. `but_for`: ids of hours that change hands in the same act."""
    if wished[1] <= now:
        return Refusal.PAST
    learns = shadow and who.shadowing and covered(wished, who.guided)
    if not who.ready and not learns:
        return Refusal.NOT_READY
    held, apart = (
        [span for hours_id, span in hours.items() if hours_id not in but_for] for hours in (who.held, who.apart)
    )
    if any(overlap(wished, span) for span in held):
        return Refusal.CLASHES
    if any(overlap(wished, span) for span in apart):
        return Refusal.APART
    return broken(who.limits, held, who.away, wished, zone)
