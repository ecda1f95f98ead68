"""The carrier's words for the states of a call, as one table."""

from dataclasses import dataclass

import structlog

from phoneline.states import LegEnd

log = structlog.get_logger()


@dataclass(frozen=True)
class Status:
    live: bool
    answered: bool = False
    end: LegEnd | None = None


STATUSES = {
    "queued": Status(live=True),
    "initiated": Status(live=True),
    "ringing": Status(live=True),
    "in-progress": Status(live=True, answered=True),
    "answered": Status(live=True, answered=True),
    "completed": Status(live=False, answered=True, end=LegEnd.COMPLETED),
    "busy": Status(live=False, end=LegEnd.BUSY),
    "no-answer": Status(live=False, end=LegEnd.NO_ANSWER),
    "failed": Status(live=False, end=LegEnd.FAILED),
    "canceled": Status(live=False, end=LegEnd.CANCELLED),
}


def status(word: str) -> Status | None:
    """What a status means; None, loudly, for one that we don't know."""
    found = STATUSES.get(word)
    if found is None:
        log.error("carrier_status_unknown", status=word[:32])
    return found
