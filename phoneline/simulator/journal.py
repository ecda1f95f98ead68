"""What happened on the simulated network, in order: the evidence that tests judge by."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from phoneline.simulator.kinds import KINDS


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    ``at`` counts virtual seconds; ``number`` is the handset's own number, never a withheld caller id's spelling.
    """

    at: float
    kind: str
    leg_sid: str = ""
    number: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """The event as one readable line."""
        words = " ".join(f"{key}={value!r}" for key, value in self.detail.items() if key != "params")
        return f"{self.at:9.2f}  {self.kind:<20} {self.number or '-':<14} {self.leg_sid[-6:] or '-':<7} {words}"


class Journal(Sequence[Event]):
    """Append-only and safe to read from any thread. Its length is the version that pages wait on."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._closed = False

    def add(self, kind: str, leg_sid: str = "", number: str = "", **detail: object) -> Event:
        """Write one event down; its time is taken under the lock, so that times never run backwards.

        Raises KeyError for a kind that ``KINDS`` doesn't explain.
        """
        KINDS[kind]
        with self._changed:
            event = Event(self._now(), kind, leg_sid, number, detail)
            self._events.append(event)
            self._changed.notify_all()
        return event

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        return self._events[index]

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events[:])

    def of(self, *kinds: str) -> list[Event]:
        """All events of these kinds, oldest first."""
        return [event for event in self if event.kind in kinds]

    def wait(self, wanted: Callable[[Event], bool], timeout: float = 10.0, since: int = 0) -> Event:
        """The first event from index ``since`` that is wanted, waiting up to ``timeout`` real seconds.

        Raises TimeoutError. ``wanted`` runs without any lock held.
        """
        deadline = time.monotonic() + timeout
        seen = since
        while True:
            fresh = self._events[seen:]
            for event in fresh:
                if wanted(event):
                    return event
            seen += len(fresh)
            if not self.wait_beyond(seen, deadline - time.monotonic()):
                raise TimeoutError("no such event within the time given\n" + self.text(last=40))

    def wait_beyond(self, version: int, timeout: float) -> bool:
        """Whether more than ``version`` events stand here after at most ``timeout`` real seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._events) > version, max(0.0, timeout))
            return len(self._events) > version

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def text(self, last: int | None = None) -> str:
        """A readable timeline, or its ``last`` lines."""
        events = self._events[:] if last is None else self._events[-last:]
        return "\n".join(event.line() for event in events)
