"""Who is rung next for a waiting caller. Pure: the call so far and who is on shift are arguments.

The rules, in order (`docs/routing.md` says them in plain words):

1. Nobody is rung who is not free: being rung, talking, wrapping up, or the caller themself.
2. Whom the caller would rather not talk with isn't rung while somebody else can be.
3. Until half the cap has passed: only those who speak the caller's language, while somebody on shift does who might
   still be asked. `least_recent` and `in_order` ring one at a time, of equals first whoever suits the caller best;
   `simultaneous` rings all free ones of a tier. Tier 2 comes when nobody of tier 1 is left to ask.
4. From half the cap on, everybody free in both tiers is rung at once, whatever they speak.
5. Whoever let it ring may be asked again once nobody else is left; whoever passed is not asked again in the same wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from phoneline.preferences import ANYBODY, Fit

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
MOST_RINGS = 4
"""In one wait a volunteer's phone rings at most so often."""


@dataclass(frozen=True)
class Candidate:
    """Somebody on shift now, as seen by one call."""

    person_id: str
    tier: int
    free: bool
    last_connected_at: datetime | None
    order: int
    """The place in the roster, for `in_order`."""
    ringing_for_this: bool = False
    missed: int = 0
    """How often an offer in this wait was neither taken nor passed."""
    rung: int = 0
    """How often of these their phone rang or was picked up."""
    declined: bool = False
    fit: Fit = ANYBODY

    @property
    def may_take_it(self) -> bool:
        """Whether they, free now or later, may be asked in this wait."""
        return not self.declined and self.rung < MOST_RINGS

    @property
    def is_askable(self) -> bool:
        return self.free and self.may_take_it


def rings_one_at_a_time(strategy: str, *, waited: timedelta, cap: timedelta) -> bool:
    """Whether nobody else is rung while somebody on shift rings."""
    return strategy != "simultaneous" and waited < cap / 2


def next_offers(
    candidates: Sequence[Candidate], *, strategy: str, waited: timedelta, cap: timedelta
) -> Sequence[Candidate]:
    """Whom to ring now; empty when the present offers are to be waited for, or when nobody can be asked."""
    late = waited >= cap / 2
    askable = [one for one in _wanted(candidates, late=late) if one.is_askable]
    if not askable or late:
        return askable
    turn = min(_turn(one) for one in askable)
    pool = [one for one in askable if _turn(one) == turn]
    ringing = [_turn(one) for one in candidates if one.ringing_for_this]
    if strategy == "simultaneous":
        return pool if not ringing or turn <= min(ringing) else []
    if ringing:
        return []
    return [min(pool, key=_in_order if strategy == "in_order" else _least_recent)]


def _wanted(candidates: Sequence[Candidate], *, late: bool) -> Sequence[Candidate]:
    """Without those who are to be asked only when all others can't be, and early without those who don't understand."""
    welcome = [one for one in candidates if not one.fit.unwished]
    if any(one.is_askable or one.ringing_for_this or (one.may_take_it and not late) for one in welcome):
        candidates = welcome
    speakers = [one for one in candidates if one.fit.speaks]
    return speakers if not late and any(one.may_take_it for one in speakers) else candidates


def _turn(candidate: Candidate) -> tuple[int, int]:
    """Who belongs together: those asked fewest times first, of them tier 1 before 2."""
    return candidate.missed, candidate.tier


def _least_recent(candidate: Candidate) -> tuple[tuple[bool, ...], datetime, int]:
    """Whoever suits best; then longest without a connected call, and never connected comes before any."""
    connected = candidate.last_connected_at
    return (candidate.fit.rank, _LONG_AGO if connected is None else connected, candidate.order)


def _in_order(candidate: Candidate) -> tuple[tuple[bool, ...], datetime, int]:
    return (candidate.fit.rank, _LONG_AGO, candidate.order)
