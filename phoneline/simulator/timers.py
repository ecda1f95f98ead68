"""Things that happen later: one thread that runs short functions at their virtual time."""

import heapq
import itertools
import threading
from collections.abc import Callable

from phoneline.simulator.journal import Journal
from phoneline.simulator.pace import Pace


class Timers:
    """Runs each function once, at or shortly after its time; what is still pending at ``stop`` never runs."""

    def __init__(self, pace: Pace, journal: Journal) -> None:
        self._pace = pace
        self._journal = journal
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator timers", daemon=True)

    def start(self) -> None:
        """Begin to run what is due."""
        self._thread.start()

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Run ``action`` in ``seconds`` virtual seconds. It must be short: all timers share one thread."""
        with self._changed:
            heapq.heappush(self._heap, (self._pace.now() + seconds, next(self._order), action))
            self._changed.notify()

    def stop(self) -> None:
        """Forget what is pending and wait for the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception as error:  # noqa: BLE001 -- one action's mistake must not stop all the others
                self._journal.add("simulator_error", error=repr(error))

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while not self._stopping:
                if not self._heap:
                    self._changed.wait()
                    continue
                due = self._heap[0][0] - self._pace.now()
                if due <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(self._pace.real(due))
            return None
