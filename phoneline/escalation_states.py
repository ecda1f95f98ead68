"""The words for where the ladder of an unreached safety check-in stands, and for what came of whom it asked."""

from enum import StrEnum


class EscalationStep(StrEnum):
    """The rungs of the ladder after a safety check-in that reached nobody."""

    VOLUNTEER = "volunteer"
    """Somebody on shift calls the peer by hand."""
    CONTACTS = "contacts"
    """Those whom the peer agreed to be asked, one after another."""
    COORDINATOR = "coordinator"


class EscalationState(StrEnum):
    CLIMBING = "climbing"
    TAKEN = "taken"
    """One of the peer's own people looks after it, for a while."""
    OVER = "over"


class EscalationEnd(StrEnum):
    """Why nobody need be asked any more."""

    HEARD = "heard"
    """The peer was heard from."""
    WELL = "well"
    """One of their people said that all is well."""
    SETTLED = "settled"
    """A coordinator did the follow-up."""


class TellingKind(StrEnum):
    """Why one of the peer's people is rung or texted."""

    ASK = "ask"
    END = "end"


class TellingResult(StrEnum):
    """What came of ringing one of the peer's people."""

    TAKEN = "taken"
    WELL = "well"
    STOP = "stop"
    SILENT = "silent"
    """Somebody or something picked up, and no key came."""
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    NOT_RUNG = "not_rung"
    """The carrier was certainly not reached."""
    TOLD = "told"
