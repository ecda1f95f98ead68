"""The words of the programme: how things take place, what was done about them, and where a caller at key 2 stands."""

from enum import StrEnum


class ActivityKind(StrEnum):
    """Where people meet."""

    PHONE = "phone"
    ONLINE = "online"
    IN_PERSON = "in_person"


class ActivityAct(StrEnum):
    """What was done about an activity."""

    MADE = "made"
    CHANGED = "changed"
    ENDED = "ended"
    """It, or one date of it, doesn't take place any more."""
    UNDONE = "undone"


class ProgrammePage(StrEnum):
    """What a caller is asked who hears the programme."""

    ITEM = "item"
    """One thing that is on, and what may be done about it."""
    CHOICE = "choice"
    """The same, but only what came of their key, and what may be done now."""
    NUMBER = "number"
    """Which number shall stand on the list?"""
    MORE = "more"
    """That was all."""
    PERSON = "person"
    OVER = "over"
