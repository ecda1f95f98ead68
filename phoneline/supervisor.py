"""Keeps the line's processes running on one machine: restarts what dies, and leaves nothing behind when it ends."""

import os
import signal
import subprocess
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import structlog

from phoneline.tied_process import tied

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_AFTER_SECONDS = 60.0
READY_WITHIN_SECONDS = 15.0
GRACE_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.1

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Program:
    """A command to keep running; `env` is added to our own environment.

    Where `ready` is given, the programs after this one start when it answers true, and end before this one.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None


def supervise(programs: Sequence[Program], *, started: Callable[[], None] | None = None) -> int:
    """Keep `programs` running until SIGINT, SIGTERM or SIGHUP, and return 0 when all of them have ended.

    `started` is called once, when each has been started. Must run in the main thread, as signals and `tied` want it.
    """
    with _signals_set() as stop:
        children: list[_Child] = []
        try:
            for program in programs:
                child = _Child(program)
                children.append(child)
                child.start()
                _await_ready(child, stop)
            if started is not None and not stop.is_set():
                started()
            while not stop.wait(LOOK_EVERY_SECONDS):
                for child in children:
                    child.look()
        finally:
            _end(children)
    return 0


def next_pause(last: float, lived: float) -> float:
    """Seconds to wait before a program that lived for `lived` is started again, the pause before having been `last`."""
    if lived >= SETTLED_AFTER_SECONDS:
        return FIRST_PAUSE_SECONDS
    return min(max(2 * last, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)


class _Child:
    """One program's process, or the pause before its next one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._pause = 0.0

    def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # the commands are the line's own, no shell
            tied(self.program.argv),
            env={**os.environ, **self.program.env},
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C reaches us alone, and we can end all that it started.
            start_new_session=True,
        )
        self._since = time.monotonic()
        log.info("program_started", program=self.program.name, pid=self._process.pid)

    def look(self) -> None:
        """Notice that the process has died; start it again once its pause is over."""
        waited = time.monotonic() - self._since
        if self._process is None:
            if waited >= self._pause:
                self.start()
            return
        status = self._process.poll()
        if status is None:
            return
        # What its group still holds would get in the way of the next one.
        self.signal_group(signal.SIGKILL)
        self._process = None
        self._since = time.monotonic()
        self._pause = next_pause(self._pause, waited)
        log.warning("program_died", program=self.program.name, status=status, restart_in_seconds=self._pause)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


@contextmanager
def _signals_set() -> Iterator[threading.Event]:
    """The event that the signals to end set; their former handlers are back afterwards."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: types.FrameType | None) -> None:
        stop.set()

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, on_signal) for number in wanted}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _await_ready(child: _Child, stop: threading.Event) -> None:
    """Give a program its time to become ready; one that doesn't in time is left to the restarts and the log."""
    ready = child.program.ready
    if ready is None:
        return
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and not ready():
        if stop.wait(LOOK_EVERY_SECONDS / 4):
            return
        child.look()


def _end(children: Sequence[_Child]) -> None:
    """End every process and its group; those that others wait for, such as the queue's server, last."""
    for waited_for in (False, True):
        _end_together([child for child in children if (child.program.ready is not None) == waited_for])


def _end_together(children: Sequence[_Child]) -> None:
    # An rq worker lets its job finish at the first SIGTERM and ends the job at the second.
    for _ in range(2):
        for child in children:
            if child.alive():
                child.signal_group(signal.SIGTERM)
        if _ended_within(GRACE_SECONDS / 2, children):
            break
    for child in children:
        child.signal_group(signal.SIGKILL)
    _ended_within(GRACE_SECONDS, children)


def _ended_within(seconds: float, children: Sequence[_Child]) -> bool:
    deadline = time.monotonic() + seconds
    while any(child.alive() for child in children):
        if time.monotonic() >= deadline:
            return False
        time.sleep(LOOK_EVERY_SECONDS / 4)
    return True
