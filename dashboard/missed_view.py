"""Calls that nobody picked up on shift, kindly. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import times, words
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
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
    return _("%(day)s from %(time)s, %(share)s.", day=day, time=begins, share=share(one.missed, one.of))


def share(missed: int, of: int) -> str:
    """Such as "three of four calls rang without an answer"."""
    if not of:
        return _("none rang")
    if not missed:
        return ngettext("one, picked up", "%(number)s, all picked up", of, number=words.number(of))
    return ngettext(
        "one of one call rang without an answer",
        "%(missed)s of %(number)s calls rang without an answer",
        of,
        missed=words.number(missed),
        number=words.number(of),
    )
