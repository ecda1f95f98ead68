"""Which words a wait turn has: they differ from turn to turn, so that nobody takes them for a tape. Pure."""

ROUND = 3
WAYS = 2
"""The turn of each round that names the ways out: the second, and every third from there."""
PLACE = 0
_MORE = ("wait_more", "wait_more_2", "wait_more_3")


def tells_place(turn: int) -> bool:
    """Whether this turn tells a caller their place, if others wait too."""
    return turn % ROUND == PLACE


def prompt(turn: int, wait_round: int, place: int | None) -> str:
    """The prompt's key. `place` is None where nobody else waits."""
    if turn == 1:
        return "wait_first" if wait_round == 1 else "wait_again"
    if turn % ROUND == WAYS:
        return "wait_ways"
    if place is not None and tells_place(turn):
        return "wait_next" if place == 1 else "wait_place"
    # No two turns one after another say the same.
    return _MORE[(turn - turn // ROUND) % len(_MORE)]
