"""Who is rung next for a waiting caller. Pure: the call so far and who is on shift are arguments.

The rules, in order:

1. Nobody is rung who is not free: being rung, talking, wrapping up, or the caller themself.
2. Until half the cap has passed: `least_recent` and `in_order` ring one at a time, `simultaneous` all free ones of a
   tier. Tier 2 comes when nobody of tier 1 is left to ask.
3. From half the cap on, everybody free in both tiers is rung at once.
4. Whoever let it ring may be asked again once nobody else is left; whoever passed is not asked again in the same wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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


def next_offers(
    candidates: Sequence[Candidate], *, strategy: str, waited: timedelta, cap: timedelta
) -> Sequence[Candidate]:
    """Whom to ring now; empty when the present offers are to be waited for, or when nobody can be asked."""
    askable = [one for one in candidates if one.free and not one.declined and one.rung < MOST_RINGS]
    if not askable or waited >= cap / 2:
        return askable
    turn = min(_turn(one) for one in askable)
    pool = [one for one in askable if _turn(one) == turn]
    ringing = [_turn(one) for one in candidates if one.ringing_for_this]
    if strategy == "simultaneous":
        return pool if not ringing or turn <= min(ringing) else []
    if ringing:
        return []
    return [min(pool, key=_in_order if strategy == "in_order" else _least_recent)]


def _turn(candidate: Candidate) -> tuple[int, int]:
    """Who belongs together: those asked fewest times first, of them tier 1 before 2."""
    return candidate.missed, candidate.tier


def _least_recent(candidate: Candidate) -> tuple[datetime, int]:
    """Longest without a connected call first; never connected comes before any."""
    connected = candidate.last_connected_at
    return (_LONG_AGO if connected is None else connected, candidate.order)


def _in_order(candidate: Candidate) -> tuple[datetime, int]:
    return (_LONG_AGO, candidate.order)
