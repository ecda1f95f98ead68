"""The words of what is done about people's records."""

from enum import StrEnum


class PersonAct(StrEnum):
    """What somebody did about a person's record."""

    ADDED = "added"
    EDITED = "edited"
    NUMBERS = "numbers"
    READINESS = "readiness"
    MERGED = "merged"
    """With another record of the same person."""
    PARTED = "parted"
    """A merging was taken back."""
    RECOGNISED = "recognised"
    """Somebody said that an unknown caller had been them."""
    NOT_THEM = "not_them"
    """Somebody said that a caller hadn't been them."""
    PLAN_MADE = "plan_made"
    PLAN_CHANGED = "plan_changed"
    PLAN_PAUSED = "plan_paused"
    PLAN_RESUMED = "plan_resumed"
    PLAN_ENDED = "plan_ended"
