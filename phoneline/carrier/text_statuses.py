"""The carrier's words for the states of a text, and its codes for people who want none, as tables."""

import structlog

from phoneline.states import TextState

log = structlog.get_logger()

TEXT_STATES = {
    "accepted": TextState.SENT,
    "scheduled": TextState.SENT,
    "queued": TextState.SENT,
    "sending": TextState.SENT,
    "sent": TextState.SENT,
    "partially_delivered": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.FAILED,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
}
OPTED_OUT = "21610"
"""The number's holder has told the carrier that they want no texts from the line."""


def text_state(word: str) -> TextState | None:
    """What a status means; None, loudly, for one that we don't know."""
    found = TEXT_STATES.get(word)
    if found is None:
        log.error("carrier_text_status_unknown", status=word[:32])
    return found
