"""The words of what becomes of follow-ups."""

from enum import StrEnum


class FollowUpEnding(StrEnum):
    """How somebody says that a follow-up ended."""

    REACHED = "reached"
    """Somebody of ours talked with them."""
    NOT_REACHED = "not_reached"
    """Tried, and let be."""
    NOT_NEEDED = "not_needed"


class MoveReason(StrEnum):
    """Why a follow-up became somebody else's, or due at another time."""

    OVERDUE = "overdue"
    """Nobody had done it in time."""
    TAKEN = "taken"
    GIVEN = "given"
    LATER = "later"
    """Somebody gave it another time, and said why."""
