"""What callers hear instead of the catalogue: recordings and other words, as they are in use now."""

import threading
from dataclasses import dataclass, field
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from phoneline import recordings, rewording
from phoneline.db import Database
from phoneline.live_settings import FRESH_SECONDS
from phoneline.steps import Recordings, Rewordings

log = structlog.get_logger()


@dataclass(frozen=True)
class Sounds:
    recordings: Recordings = field(default_factory=dict)
    words: Rewordings = field(default_factory=dict)


class SoundsCache:
    """What is in use, as of the last second. With the database away, what was in use last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._known = Sounds()

    def current(self) -> Sounds:
        with self._lock:
            if monotonic() - self._asked_at >= FRESH_SECONDS:
                self._asked_at = monotonic()
                try:
                    with self._database.reading() as session:
                        self._known = Sounds(recordings.in_use(session), rewording.in_use(session))
                except SQLAlchemyError as error:
                    log.warning("sounds_not_read", kind=type(error).__name__)
            return self._known
