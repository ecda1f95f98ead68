"""The whole line as real processes, with the simulated telephone network around it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests

from phoneline.clock import SIMULATED_TIME
from phoneline.db import Database
from phoneline.queue_server import QueueServer
from phoneline.settings import SIMULATED_ACCOUNT
from phoneline.simulator import Faults, Network
from tests.databases import KEY, delete_rows
from tests.journeys.ports import free_port

ROOT = Path(__file__).parents[2]
LINE_NUMBER = "+14165550100"
TOKEN = "the simulated carrier's token"
KEPT = frozenset({"secret", "live_setting", "pulse"})
"""Tables that a story leaves as they are."""
ANOTHER_TIME = frozenset({"FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "LD_PRELOAD", "PYTHONPATH"})
"""What `scripts/at.sh` sets."""
PASSED_ON = frozenset({"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}) | ANOTHER_TIME


@dataclass
class Stack:
    """A running line. Its time, and the telephones', goes `speed` times as fast as ours."""

    database: Database
    network: Network
    environment: Mapping[str, str]
    speed: float
    epoch: float
    folder: Path
    queue: QueueServer
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.environment["PUBLIC_URL"]

    def now(self) -> datetime:
        """The line's now."""
        return datetime.fromtimestamp(self.epoch + (time.time() - self.epoch) * self.speed, UTC)

    def real(self, seconds: float) -> float:
        """Our seconds for the line's."""
        return seconds / self.speed

    def start(self, name: str) -> None:
        """Start one of the line's processes: `web`, `worker` or `clock`, or a `second worker` or the like."""
        if name == "web":
            self.processes[name] = self._web(self.environment)
        else:
            self.processes[name] = self._run(name, ["phoneline", name.rpartition(" ")[2]], self.environment)

    def _web(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        bind = environment["PUBLIC_URL"].removeprefix("http://")
        argv = ["gunicorn", "--config", "python:phoneline.gunicorn_config", "--bind", bind, "wsgi:app"]
        return self._run("web", argv, environment)

    def _run(self, name: str, argv: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *argv], env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    @contextmanager
    def another_web(self, **environment: str) -> Iterator[str]:
        """A second web process with other settings, to which the line's number is pointed meanwhile; its address."""
        address = f"http://127.0.0.1:{free_port()}"
        other = self._web({**self.environment, "PUBLIC_URL": address, **environment})
        self.network.point_line_at(address)
        try:
            self._await(f"{address}/healthz")
            yield address
        finally:
            self.network.point_line_at(self.address)
            _kill(other)

    def kill(self, name: str) -> None:
        """`kill -9` of a process and all that it started."""
        _kill(self.processes.pop(name))

    def await_ready(self) -> None:
        """Until every part of the line says that it is there."""
        self._await(f"{self.address}/readyz")

    def _await(self, url: str) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if requests.get(url, timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise TimeoutError(f"the line is not ready; see {self.folder}")

    def clean(self) -> None:
        """As if nothing had ever happened: no rows, no faults, no telephones."""
        self.network.faults = Faults()
        # The line goes on meanwhile, and may wait for our rows as we wait for its.
        self.database.run(lambda session: delete_rows(session, KEPT))

    def errors(self) -> list[str]:
        """What must not happen in any story: a mistake in our documents, or an exception of ours in a log."""
        lines = self.logs().splitlines()
        ours = [line for line in lines if '"level": "error"' in line or "Traceback" in line]
        return self.network.app_errors() + ours

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` of a process and of all that it started."""
    os.killpg(process.pid, 9)
    process.wait()


@contextmanager
def running(database_url: str, folder: Path, speed: float) -> Iterator[Stack]:
    """A whole line on this database until the end of the block."""
    epoch = time.time()
    address = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as ending:
        queue = ending.enter_context(QueueServer(folder / "queue"))
        network = ending.enter_context(
            Network(
                account_sid=SIMULATED_ACCOUNT,
                auth_token=TOKEN,
                line_number=LINE_NUMBER,
                public_url=address,
                speed=speed,
                wall=lambda: epoch + (time.time() - epoch) * speed,
            )
        )
        environment = {
            **{name: value for name, value in os.environ.items() if name in PASSED_ON},
            "DATABASE_URL": database_url,
            "REDIS_URL": queue.url,
            "PHONELINE_KEYS": KEY,
            "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": network.api_url,
            "LINE_NUMBER": LINE_NUMBER,
            "PUBLIC_URL": address,
            "SECRET_KEY": "of this test",
            "LINE_TIMEZONE": "America/Toronto",
            SIMULATED_TIME: f"{epoch}:{speed}",
        }
        database = Database(database_url)
        ending.callback(database.close)
        stack = Stack(database, network, environment, speed, epoch, folder, queue)
        ending.callback(stack.stop)
        for name in ("web", "worker", "clock"):
            stack.start(name)
        stack.await_ready()
        yield stack
