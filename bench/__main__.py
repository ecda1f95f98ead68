"""`make bench`: how many calls a second the line answers, against what the same server does with less behind it."""

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from bench import facts, report
from bench.apps import ROWS
from bench.load import Burst, burst
from bench.places import APPS, database, environment, server
from bench.requests import TOKEN
from phoneline.db import Database
from phoneline.models import Call
from phoneline.queue_server import QueueServer

DATABASES = ("sqlite", "postgresql")
CONNECTIONS = (8, 32)
WARM_UP_SECONDS = 1.0


class Measured(NamedTuple):
    """One burst and what it was."""

    database: str
    connections: int
    app: str
    burst: Burst


def main() -> None:
    arguments = _arguments()
    print(facts.machine())
    measured: list[Measured] = []
    # The load comes from a process of its own, so that it never waits for what the servers need.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as load:
        for kind in arguments.databases:
            measured += _measure(kind, load, arguments)
    print(facts.load_now())
    for kind in arguments.databases:
        for connections in arguments.connections:
            rounds = {
                app: [one.burst for one in measured if one[:3] == (kind, connections, app)] for app in arguments.apps
            }
            print(report.table(kind, connections, rounds))


def _measure(kind: str, load: ProcessPoolExecutor, arguments: argparse.Namespace) -> Iterator[Measured]:
    """The apps in turn, round after round, so that whatever else the machine does hits all of them alike."""
    with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as name, ExitStack() as ending:
        folder = Path(name)
        # PostgreSQL may run as somebody else.
        folder.chmod(0o755)
        queue = ending.enter_context(QueueServer(folder / "queue"))
        url = ending.enter_context(database(kind, folder))
        ports = {app: ending.enter_context(server(app, environment(url, queue.url), folder)) for app in arguments.apps}
        answers = dict.fromkeys(arguments.apps, 0)

        def one(app: str, connections: int, seconds: float) -> Burst:
            done = load.submit(burst, ports[app], connections, seconds, TOKEN).result()
            answers[app] += done.answers
            return done

        for app in arguments.apps:
            one(app, max(arguments.connections), WARM_UP_SECONDS)
        for number in range(arguments.rounds):
            for connections in arguments.connections:
                for app in arguments.apps if number % 2 else reversed(arguments.apps):
                    yield Measured(kind, connections, app, one(app, connections, arguments.seconds))
        _check_rows(url, answers)


def _check_rows(url: str, answers: dict[str, int]) -> None:
    """Each answer stands for one row that was committed, else the numbers mean nothing."""
    opened = Database(url)
    with opened.reading() as session:
        for app, table in (("floor", ROWS), ("product", Call.__table__)):
            rows = session.scalar(select(func.count()).select_from(table))
            if app in answers and rows != answers[app]:
                sys.exit(f"{app} answered {answers[app]} times and wrote {rows} rows")
    opened.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--connections", nargs="+", type=int, default=CONNECTIONS)
    parser.add_argument("--apps", nargs="+", choices=tuple(APPS), default=tuple(APPS))
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one burst")
    return parser.parse_args()


if __name__ == "__main__":
    main()
