"""What a room, or one leg in it, is to hear meanwhile (Twilio: AnnounceUrl of Conference and Participant resources)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from phoneline.simulator.poster import Hook, WebhookError
from phoneline.simulator.twiml import Document, TwimlError


@dataclass
class Announcement:
    """Fetched once, however many hear it. ``over`` is called with what came of it when the last one has heard it.

    ``of_leg`` says whether it is one leg's alone: only then is the request about that leg.
    """

    hook: Hook
    of_leg: bool
    hearers: int
    over: Callable[["Announcement"], None]
    failed: bool = False
    _document: Document | None = None
    _fetching: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def document(self, fetch: Callable[[], Document]) -> Document | None:
        """None when whoever came first couldn't have it: that one gets the WebhookError or TwimlError."""
        with self._fetching:
            if self._document is None and not self.failed:
                try:
                    self._document = fetch()
                except (WebhookError, TwimlError):
                    self.failed = True
                    raise
            return self._document

    def heard(self) -> None:
        """By one of them, or as much of it as they stayed for. With the exchange's lock held."""
        self.hearers -= 1
        if self.hearers == 0:
            self.over(self)
