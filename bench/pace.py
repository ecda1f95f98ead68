"""`make bench WHAT=pace`: how much of the allowed rate a line uses when check-ins are due, and whether it keeps it.

A line's own workers and clocks, as real processes, dial at a carrier that only notes when each order arrived. As seen
there: the calls a second, and the most within any one second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench import facts
from bench.places import database, environment
from bench.stub_carrier import Stub, stub_carrier
from bench.turns import _table as table
from phoneline import clock, live_settings
from phoneline.db import Database
from phoneline.queue_server import QueueServer
from phoneline.spreadsheets import IMPORTS
from phoneline.tied_process import tied
from tests import factories

ZONE = ZoneInfo("America/Toronto")
READY_SECONDS = 6.0
"""The processes start, and then the check-ins come due."""
FIRST_NUMBER = 1000


class Measured(NamedTuple):
    """What the carrier saw within the time that was measured."""

    calls: int
    share: float
    most: int
    """In any one second."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pace", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rates", nargs="+", type=float, default=[1, 10, 50])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--clocks", type=int, default=1)
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        for rate in asked.rates:
            found = _measure(kind, rate, asked.seconds, ["worker"] * asked.workers + ["clock"] * asked.clocks)
            print(
                f"{kind:11}{rate:6g} a second allowed: {found.calls:5} calls, {100 * found.share:6.2f} % of it used, "
                f"{found.most} at most in any second; {facts.load_now()}",
                flush=True,
            )


def _measure(kind: str, rate: float, seconds: float, processes: Sequence[str]) -> Measured:
    with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as name, ExitStack() as ending:
        folder = Path(name)
        # PostgreSQL may run as somebody else.
        folder.chmod(0o755)
        queue = ending.enter_context(QueueServer(folder / "queue"))
        url = ending.enter_context(database(kind, folder))
        carrier = ending.enter_context(stub_carrier())
        values = environment(url, queue.url) | {"TWILIO_API_URL": carrier.url}
        opened = Database(url)
        ending.callback(opened.close)
        _plan(opened, rate, int(rate * seconds * 1.1) + 2)
        for index, process in enumerate(processes):
            ending.enter_context(_running(process, values, folder / f"{process}-{index}.log"))
        return _seen(carrier, rate, seconds)


def _plan(opened: Database, rate: float, count: int) -> None:
    """So many automated check-ins, due in a moment."""
    now = clock.now()
    due = (now + timedelta(seconds=READY_SECONDS)).astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    numbers = [factories.number(FIRST_NUMBER + index) for index in range(count)]
    people = [{"name": f"Peer {one}", "phone": one, "roles": "peer", "checkin_consent": "yes"} for one in numbers]
    plans = [{"phone": one, "starts_at": due.isoformat(), "kind": "automated"} for one in numbers]
    IMPORTS["people"](opened, table(people), ZONE, now)
    with opened.transaction() as session:
        wanted = {"calls_per_second": f"{rate:g}", "quiet_weekday": "00:00-00:00", "quiet_weekend": "00:00-00:00"}
        for key, value in (wanted | {"spend_calls_day": "0"}).items():
            live_settings.write(session, key, value, now)
    IMPORTS["checkins"](opened, table(plans), ZONE, now)


@contextmanager
def _running(process: str, values: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("ab") as file:
        argv = tied([sys.executable, "-m", "phoneline", process])
        started = subprocess.Popen(argv, env=values, cwd=Path(__file__).parents[1], stdout=file, stderr=file)
    try:
        yield
    finally:
        started.terminate()
        started.wait()


def _seen(carrier: Stub, rate: float, seconds: float) -> Measured:
    deadline = time.monotonic() + 10 * READY_SECONDS
    while not carrier.arrivals():
        if time.monotonic() > deadline:
            sys.exit("nobody was called")
        time.sleep(0.2)
    time.sleep(seconds + 2 / rate)
    found = carrier.arrivals()
    within = found[: bisect_left(found, found[0] + seconds)]
    most = max(bisect_left(found, at + 1.0) - index for index, at in enumerate(found))
    # From the first to the last: so many turns lie between them.
    return Measured(len(within), (len(within) - 1) / (within[-1] - within[0]) / rate, most)


if __name__ == "__main__":
    main()
