"""The words for what somebody asks for under their rights, how they asked, and what holds an erasure up."""

from enum import StrEnum


class RightsKind(StrEnum):
    EXPORT = "export"
    ERASE = "erase"


class AskedHow(StrEnum):
    """How the person asked."""

    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    WRITING = "writing"


class HeldUp(StrEnum):
    """Why an erasure that is due isn't done yet. The clock tries again by itself."""

    ON_THE_PHONE = "on_the_phone"
    """They are on the telephone with the line, or are being rung."""
    SHIFTS = "shifts"
    """Somebody of the team who still has hours ahead: these must be somebody else's first."""
    LAST_ADMIN = "last_admin"
    """Theirs is the only login that may give others theirs."""
