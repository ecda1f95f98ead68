"""The words of the roster: what was done about it, and why somebody can't have some hours."""

from enum import StrEnum


class RosterAct(StrEnum):
    """What was done about a shift, or about hours of one."""

    MADE = "made"
    CHANGED = "changed"
    ENDED = "ended"
    """A shift, or one date of it, doesn't take place any more."""
    IMPORTED = "imported"
    TAKEN = "taken"
    """Open hours found somebody."""
    GIVEN = "given"
    """Hours went from one to another, or became open."""
    SWAPPED = "swapped"
    ASKED = "asked"
    """Somebody asked for cover, or gave away."""
    WITHDRAWN = "withdrawn"
    LATE = "late"
    """Nobody took it in time: it stays whose it was."""
    CONFIRMED = "confirmed"
    ON = "on"
    """Somebody went on shift by themselves."""
    OFF = "off"
    UNDONE = "undone"


class Refusal(StrEnum):
    """Why somebody can't be given hours."""

    PAST = "past"
    FULL = "full"
    """Somebody else has them."""
    CLASHES = "clashes"
    """They are on then anyway."""
    NOT_READY = "not_ready"
    HOURS_A_WEEK = "hours_a_week"
    SHIFTS_A_WEEK = "shifts_a_week"
    REST = "rest"
    DAY_OFF = "day_off"
    UNAVAILABLE = "unavailable"
    APART = "apart"
