"""The words of shifts that somebody gives away, swaps, or needs cover for."""

from enum import StrEnum


class CoverKind(StrEnum):
    """What somebody wants for their hours."""

    GIVE_AWAY = "give_away"
    SWAP = "swap"
    """Other hours in return."""
    COVER = "cover"
    """Nobody knows whether they come."""


class CoverState(StrEnum):
    OPEN = "open"
    """They are still responsible."""
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    LATE = "late"
    """Nobody took it in time."""


class SwapState(StrEnum):
    """What became of hours that were offered in return."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVER = "over"
