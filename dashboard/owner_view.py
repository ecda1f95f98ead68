"""Whose an open follow-up is and by when it has to be done, and how one was done, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.follow_up_states import FollowUpEnding, MoveReason


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
    """When it became somebody else's or due at another time, why, whose, and by whose doing."""

    at: datetime
    why: MoveReason
    owner: str | None
    email: str | None
    due_at: datetime | None = None
    note: str | None = None


def whose(owed: Owed, at: Moment) -> str:
    """Such as "Ana's, by tomorrow 18:00", or "Overdue since 14:00, now Ravi's, by 15:00"."""
    by = at.moment(owed.due_at) if owed.due_at and owed.given_at else ""
    if owed.overdue_since is not None:
        return _overdue(at.moment(owed.overdue_since), owed.owner, by)
    if owed.owner is None:
        return _("Nobody's yet, by %(time)s", time=by) if by else _("On its way to whoever is on duty")
    return _("%(owner)s's, by %(time)s", owner=owed.owner, time=by) if by else _("%(owner)s's", owner=owed.owner)


def _overdue(since: str, owner: str | None, by: str) -> str:
    if owner is None:
        return _("Overdue since %(since)s, nobody's yet", since=since)
    if not by:
        return _("Overdue since %(since)s, now %(owner)s's", since=since, owner=owner)
    return _("Overdue since %(since)s, now %(owner)s's, by %(time)s", since=since, owner=owner, time=by)


def moves(found: Sequence[Move], at: Moment) -> Sequence[str]:
    """How it came to be theirs, a sentence each."""
    return [words.sentence(_move(one, at)) for one in found]


def by_whom(email: str | None) -> str:
    return email or _("a login that is gone")


def _move(one: Move, at: Moment) -> str:
    when, by = at.on(one.at), by_whom(one.email)
    match one.why:
        case MoveReason.OVERDUE:
            if one.owner is None:
                return _("overdue, and there was nobody to give it to %(when)s", when=when)
            return _("overdue, so it went to %(owner)s %(when)s", owner=one.owner, when=when)
        case MoveReason.GIVEN:
            owner = one.owner or _("somebody who is gone")
            return _("given to %(owner)s by %(by)s %(when)s", owner=owner, by=by, when=when)
        case MoveReason.TAKEN:
            return _("taken on by %(owner)s %(when)s", owner=one.owner or by, when=when)
        case MoveReason.LATER:
            due = at.moment(one.due_at) if one.due_at else ""
            said = {"due": due, "by": by, "when": when, "reason": one.note or ""}
            return _("put off until %(due)s by %(by)s %(when)s: %(reason)s", **said)


ENDINGS = Phrases(
    {
        FollowUpEnding.REACHED: N_("reached"),
        FollowUpEnding.NOT_REACHED: N_("not reached"),
        FollowUpEnding.NOT_NEEDED: N_("no longer needed"),
    }
)


def choices() -> Sequence[tuple[str, str]]:
    """How it may have ended: value and words."""
    return [(one.value, words.sentence(ENDINGS[one])) for one in FollowUpEnding]


@dataclass(frozen=True)
class Ended:
    """A follow-up that was done: when, and, where somebody said so, how, by whose doing, and their note."""

    at: datetime
    ending: FollowUpEnding | None
    email: str | None
    note: str | None


def ended(one: Ended, at: Moment) -> str:
    """Such as "Reached, said by ana@example.org today 14:30"."""
    when = at.on(one.at)
    if one.ending is None:
        return _("Done %(when)s: nothing was left to do", when=when)
    how = words.sentence(ENDINGS[one.ending])
    return _("%(how)s, said by %(by)s %(when)s", how=how, by=by_whom(one.email), when=when)
