"""Calls that nobody picked up on shift, kindly. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import times, words
from dashboard.times import Moment
from phoneline.missed_shifts import MissedShift


@dataclass(frozen=True)
class MissedLine:
    """One shift of one volunteer."""

    person_id: str
    name: str
    says: str


def lines(found: Sequence[MissedShift], at: Moment) -> Sequence[MissedLine]:
    return [MissedLine(one.person_id, one.name, _says(one, at)) for one in found]


def _says(one: MissedShift, at: Moment) -> str:
    day, begins = times.day(one.starts_at, at.now, at.zone), times.clock(one.starts_at, at.zone)
    return f"{day} from {begins}, {share(one.missed, one.of)}."


def share(missed: int, of: int) -> str:
    """Such as "three of four calls rang without an answer"."""
    if not of:
        return "none rang"
    if not missed:
        return f"{words.number(of)}, {'all ' if of > 1 else ''}picked up"
    return f"{words.number(missed)} of {words.counted(of, 'call', 'calls')} rang without an answer"
