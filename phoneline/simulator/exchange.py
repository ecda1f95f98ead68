"""What every part of the network shares: its clock, its lock, its registers and its way to the product."""

import contextlib
import random
import threading
from typing import TYPE_CHECKING

from phoneline.simulator.callbacks import Callbacks
from phoneline.simulator.faults import Faults
from phoneline.simulator.journal import Journal
from phoneline.simulator.line_number import LineNumber
from phoneline.simulator.pace import Pace
from phoneline.simulator.poster import About, Answer, Hook, Poster, WebhookError
from phoneline.simulator.sids import Sids
from phoneline.simulator.timers import Timers

if TYPE_CHECKING:
    from phoneline.simulator.handset import Handset
    from phoneline.simulator.leg import Leg
    from phoneline.simulator.recordings import Recording
    from phoneline.simulator.room import Room
    from phoneline.simulator.texts import OptOutHandling, Text


class Exchange:
    """One account with one line number.

    ``lock`` guards every leg, handset and room; it is never held during HTTP. The journal, the timers and the callbacks
    have locks of their own which are only ever taken inside it.
    """

    def __init__(
        self, account_sid: str, auth_token: str, line_number: str, pace: Pace, seed: int, timeout: float
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.pace = pace
        self.faults = Faults()
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.random = random.Random(f"exchange {seed}")  # noqa: S311 -- a simulation's dice, no secrets
        self.sids = Sids(seed)
        self.journal = Journal(pace.now)
        self.timers = Timers(pace, self.journal)
        self.poster = Poster(auth_token, self.journal, timeout)
        self.callbacks = Callbacks(self.poster, self.journal, self.timers, lambda: self.faults, seed)
        self.line = LineNumber(self.sids.new("PN"), line_number, friendly_name=line_number)
        self.api_url = ""
        self.calls_per_second: float | None = None
        self.handsets: dict[str, Handset] = {}
        self.legs: dict[str, Leg] = {}
        self.rooms: dict[str, Room] = {}
        self.recordings: dict[str, Recording] = {}
        self.texts: dict[str, Text] = {}
        self.kept_audio: dict[str, float] = {}
        """How long the audio lasts that isn't fetched again, by address."""
        self.opted_out: set[str] = set()
        self.opt_out_handling: OptOutHandling = "default"
        self._threads: set[threading.Thread] = set()
        self._next_slot = 0.0

    def account_path(self) -> str:
        """The path under which this account's resources stand."""
        return f"/2010-04-01/Accounts/{self.account_sid}"

    def seconds_queued(self) -> float:
        """How many virtual seconds a call that is created now has to queue; 0 without ``calls_per_second``.

        Twilio queues creates above the account's calls per second (Twilio: Call resource).
        """
        if not self.calls_per_second:
            return 0.0
        with self.lock:
            now = self.pace.now()
            slot = max(now, self._next_slot)
            self._next_slot = slot + 1 / self.calls_per_second
            return slot - now

    def open_room(self, name: str) -> "Room | None":
        """The conference of that name that hasn't ended. Lock held."""
        return next((room for room in self.rooms.values() if room.name == name and not room.ended), None)

    def ask(self, hook: Hook, params: dict[str, str], about: About) -> Answer:
        """The product's answer to a synchronous request; with the fault for it asked twice. Raises WebhookError."""
        if self.faults.double_requests:
            with contextlib.suppress(WebhookError):
                self.poster.send(hook, params, about, synchronous=True)
        return self.poster.send(hook, params, about, synchronous=True)

    def run(self, thread: threading.Thread) -> None:
        """Start a leg's thread, to be joined by ``stop``."""
        with self.lock:
            if self.stopping.is_set():
                return
            self._threads.add(thread)
            thread.start()

    def forget(self, thread: threading.Thread) -> None:
        """A leg's thread is about to end by itself."""
        with self.lock:
            self._threads.discard(thread)

    def begin_to_stop(self) -> None:
        """Wake everybody who waits; from now on nothing happens any more."""
        with self.lock:
            self.stopping.set()
            for leg in self.legs.values():
                leg.changed.notify_all()
            for handset in self.handsets.values():
                handset.changed.notify_all()
        self.journal.close()

    def stop(self) -> None:
        """End everything at once and tell nobody; returns when no thread of the network is left."""
        self.begin_to_stop()
        with self.lock:
            threads = list(self._threads)
        self.timers.stop()
        self.callbacks.stop()
        for thread in threads:
            thread.join()
        self.poster.close()
