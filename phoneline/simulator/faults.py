"""What goes wrong on purpose. Every field may be changed while the network runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CreateFault = Literal["refuse", "server_error", "server_error_made", "hang", "hang_made"]
"""How a REST create fails: ``refuse`` 400/21211; ``server_error`` 500 and no call; ``server_error_made`` 500 though the
call exists; ``hang`` no answer and no call; ``hang_made`` no answer though the call exists."""

TextFault = Literal["refuse", "server_error", "server_error_made", "hang", "hang_made", "filtered", "landline", "lost"]
"""How a text fails: as a create does, or accepted and then ``filtered`` (30007), for a ``landline`` (30006), or
``lost``: sent, and nobody ever says whether it was delivered."""

RestDown = Literal["", "unavailable", "reset"]
"""Every REST request gets a 503 or a reset connection."""


@dataclass(frozen=True)
class PlannedFault:
    """One create that fails; the next one to ``to``, or simply the next one."""

    fault: CreateFault
    to: str = ""


@dataclass(frozen=True)
class PlannedTextFault:
    """One text that fails; the next one to ``to``, or simply the next one."""

    fault: TextFault
    to: str = ""


@dataclass
class Faults:
    """The weather. The default is a clear day.

    ``double_callbacks``: every asynchronous callback comes twice. ``shuffle_callbacks``: each is late by a random 0 to
    ``max_delay`` virtual seconds, so that their order changes. ``lose_callbacks``: the probability that one never
    comes. ``double_requests``: every request that wants TwiML comes twice and the second answer is used.
    ``create_faults``: a queue of planned faults, or a function from the number dialled to a fault or None.
    ``text_faults``: a queue of planned faults of texts.
    ``hang_seconds`` and ``slow_rest`` are real seconds. ``late_media``: so many virtual seconds after a recording is
    complete its audio is still not there. ``refused_deletes``: so many deletions of recordings fail.
    ``media_needs_login``: audio is for the account only, which is an account's choice.
    """

    double_callbacks: bool = False
    shuffle_callbacks: bool = False
    max_delay: float = 5.0
    lose_callbacks: float = 0.0
    double_requests: bool = False
    create_faults: list[PlannedFault | CreateFault] | Callable[[str], CreateFault | None] = field(default_factory=list)
    text_faults: list[PlannedTextFault] = field(default_factory=list)
    hang_seconds: float = 30.0
    rest_down: RestDown = ""
    slow_rest: float = 0.0
    late_media: float = 0.0
    refused_deletes: int = 0
    media_needs_login: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def create_fault(self, to: str) -> CreateFault | None:
        """How the create of a call to ``to`` fails, or None; a planned fault is used up."""
        planned = self.create_faults
        if callable(planned):
            return planned(to)
        with self._lock:
            for index, item in enumerate(planned):
                fault = item if isinstance(item, PlannedFault) else PlannedFault(item)
                if fault.to in {"", to}:
                    del planned[index]
                    return fault.fault
        return None

    def text_fault(self, to: str) -> TextFault | None:
        """How the text to ``to`` fails, or None; a planned fault is used up."""
        with self._lock:
            for index, planned in enumerate(self.text_faults):
                if planned.to in {"", to}:
                    del self.text_faults[index]
                    return planned.fault
        return None

    def refuse_delete(self) -> bool:
        """Whether this deletion of a recording fails; a planned failure is used up."""
        with self._lock:
            refused = self.refused_deletes > 0
            self.refused_deletes -= refused
        return refused
