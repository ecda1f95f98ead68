"""Asynchronous callbacks: what the network tells the product without waiting for TwiML.

They leave in order for each leg and room, on a few threads of their own, unless the faults say otherwise.
"""

import random
import threading
from collections import deque
from collections.abc import Callable
from itertools import count

from phoneline.simulator.faults import Faults
from phoneline.simulator.journal import Journal
from phoneline.simulator.poster import About, Hook, Poster, WebhookError
from phoneline.simulator.timers import Timers

WORKERS = 12
BAD_CALLBACK_ANSWER = 15003
"""Twilio: error 15003, a status callback was answered with 4xx or 5xx."""


class Callbacks:
    """A small pool. One lane's callbacks are sent one after the other; lanes don't wait for each other."""

    def __init__(
        self, poster: Poster, journal: Journal, timers: Timers, faults: Callable[[], Faults], seed: int
    ) -> None:
        self._poster = poster
        self._journal = journal
        self._timers = timers
        self._faults = faults
        self._random = random.Random(f"callbacks {seed}")  # noqa: S311 -- simulated weather, no secrets
        self._serial = count()
        self._lanes: dict[str, deque[Callable[[], None]]] = {}
        self._ready: deque[str] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._outstanding = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"simulator callbacks {n}", daemon=True) for n in range(WORKERS)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send nothing more and wait for what is on its way."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def send(self, lane: str, hook: Hook, params: dict[str, str], about: About) -> None:
        """Have one callback sent, once or twice, late or never: as the faults say at this moment."""
        faults = self._faults()
        with self._changed:
            lost = self._random.random() < faults.lose_callbacks
            copies = 2 if faults.double_callbacks else 1
            delays = [self._random.uniform(0, faults.max_delay) for _ in range(copies)]
            if lost:
                copies = 0
            self._outstanding += copies
        if lost:
            self._journal.add("callback_lost", about.leg_sid, about.number, params=params, url=hook.url)
            return
        for delay in delays:
            self._plan(lane, lambda: self._post(hook, params, about), delay if faults.shuffle_callbacks else None)

    def wait_sent(self, timeout: float) -> bool:
        """Whether, within ``timeout`` real seconds, every callback that was to be sent has been answered."""
        with self._changed:
            return self._changed.wait_for(lambda: self._outstanding == 0, timeout)

    def _plan(self, lane: str, job: Callable[[], None], delay: float | None) -> None:
        if delay is None:
            self._queue(lane, job)
        else:
            # A lane of its own: what is late must not hold up the others.
            self._timers.after(delay, lambda: self._queue(f"{lane} {next(self._serial)}", job))

    def background(self, lane: str, job: Callable[[], None]) -> None:
        """Run something else that needs HTTP on one of the threads."""
        self._queue(lane, job)

    def _queue(self, lane: str, job: Callable[[], None]) -> None:
        with self._changed:
            if lane not in self._lanes:
                self._lanes[lane] = deque()
                self._ready.append(lane)
            self._lanes[lane].append(job)
            self._changed.notify()

    def _post(self, hook: Hook, params: dict[str, str], about: About) -> None:
        try:
            self._poster.send(hook, params, about, synchronous=False)
        except WebhookError as error:
            code = BAD_CALLBACK_ANSWER if error.policy in {"4xx", "5xx"} else error.code
            self._journal.add("app_error", about.leg_sid, about.number, code=code, url=error.url, text=str(error))
        finally:
            with self._changed:
                self._outstanding -= 1
                self._changed.notify_all()

    def _work(self) -> None:
        while (lane := self._next_lane()) is not None:
            try:
                self._lanes[lane][0]()
            except Exception as error:  # noqa: BLE001 -- the worker has to live on; the journal tells
                self._journal.add("simulator_error", error=repr(error))
            self._done(lane)

    def _next_lane(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._ready)
            return None if self._stopping else self._ready.popleft()

    def _done(self, lane: str) -> None:
        with self._changed:
            self._lanes[lane].popleft()
            if self._lanes[lane]:
                self._ready.append(lane)
                self._changed.notify()
            else:
                del self._lanes[lane]
