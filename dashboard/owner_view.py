"""Whose an open follow-up is and by when it has to be done, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import Moment
from phoneline.states import MoveReason


@dataclass(frozen=True)
class Owed:
    """Whose it is and by when, as it was read."""

    owner: str | None
    """A coordinator's name, or the address of the login that took it."""
    due_at: datetime | None
    given_at: datetime | None
    """None for the second before the clock has given it to somebody."""
    overdue_since: datetime | None

    @property
    def is_overdue(self) -> bool:
        return self.overdue_since is not None

    @property
    def is_nobodys(self) -> bool:
        return self.owner is None


@dataclass(frozen=True)
class Move:
    """When it became somebody else's, why, whose, and by whose doing."""

    at: datetime
    why: MoveReason
    owner: str | None
    email: str | None


def whose(owed: Owed, at: Moment) -> str:
    """Such as "Ana's, by tomorrow 18:00", or "Overdue since 14:00, now Ravi's, by 15:00"."""
    theirs = f"{owed.owner}'s" if owed.owner else "nobody's yet"
    by = f", by {at.moment(owed.due_at)}" if owed.due_at and owed.given_at else ""
    if owed.overdue_since is None:
        return (theirs if owed.owner else words.sentence(theirs)) + by
    return f"Overdue since {at.moment(owed.overdue_since)}, now {theirs}{by}"


def moves(found: Sequence[Move], at: Moment) -> Sequence[str]:
    """How it came to be theirs, a sentence each."""
    return [words.sentence(f"{_move(one)} {at.on(one.at)}") for one in found]


def _move(one: Move) -> str:
    by = one.email or "a login that is gone"
    match one.why:
        case MoveReason.OVERDUE:
            return f"overdue, so it went to {one.owner}" if one.owner else "overdue, and there was nobody to give it to"
        case MoveReason.GIVEN:
            return f"given to {one.owner or 'somebody who is gone'} by {by}"
        case MoveReason.TAKEN:
            return f"taken on by {one.owner or by}"
