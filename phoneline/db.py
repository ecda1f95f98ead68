"""The database: engines for SQLite and PostgreSQL, and transactions whose jobs go out after the commit."""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import Connection, CursorResult, Engine, Executable, Insert, Table, create_engine, event, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from phoneline.crypto import lookup_hash
from phoneline.models import Base, Secret

BUSY_SECONDS = 5
"""How long a statement waits for another's lock before it fails; well below the carrier's 15 seconds."""
CONNECT_SECONDS = 3
DEADLOCK_TRIES = 3
TRY_AGAIN = frozenset({"40P01", "40001", "23505"})
"""PostgreSQL's deadlock_detected, serialization_failure and unique_violation."""
_JOBS = "jobs"
_LOOKUP = "lookup"
WRITES = "writes"
"""Execution option of a connection whose transactions write: on SQLite they take the write lock as they begin."""


Result = TypeVar("Result")
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Work that follows from a commit: the name of a function of `phoneline.jobs` and the id it is about, if any.

    It may be lost or done twice: the rows say what is to be done, the job only says that now is a good moment.
    """

    name: str
    id: str | None = None


def _nobody(jobs: Sequence[Job]) -> None:
    """Before a line is put together nobody takes jobs; its clock finds the work in the rows."""


class Database:
    """One engine a process. `transaction()` writes, `reading()` only reads."""

    def __init__(self, url: str) -> None:
        self.send_jobs: Callable[[Sequence[Job]], None] = _nobody
        self.engine = _engine(url)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = sessionmaker(self.engine.execution_options(**{WRITES: True}), expire_on_commit=False)
        # SQLite's writers wait for each other by polling; waiting for a lock of our own first keeps the slowest ones
        # twelve times faster (docs/decisions/0004).
        self._writing = threading.Lock() if self.is_sqlite else nullcontext()
        self._lookup_key: bytes | None = None
        self._stamping = threading.Lock()
        self._stamper: DBAPIConnection | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, then sends the jobs of `after_commit`. Rolls back on an exception."""
        with self._writing, self._writers() as session:
            session.info[_JOBS] = {}
            yield session
            session.commit()
        jobs = tuple(session.info[_JOBS])
        if jobs:
            self.send_jobs(jobs)

    def run(self, work: Callable[[Session], Result]) -> Result:
        """`work` in a transaction; once more, from the start, when another one and it waited for each other.

        So too when another has just written the row that it was about to: then it finds that one.

        Nothing of the first try is kept and no job of it is sent, so `work` may do whatever a transaction may.
        """
        for _ in range(DEADLOCK_TRIES - 1):
            try:
                with self.transaction() as session:
                    return work(session)
            except (OperationalError, IntegrityError) as error:
                if getattr(error.orig, "sqlstate", None) not in TRY_AGAIN:
                    raise
                log.warning("transaction_tried_again", sqlstate=getattr(error.orig, "sqlstate", None))
        with self.transaction() as session:
            return work(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; nothing it changes is kept."""
        with self._readers() as session:
            yield session

    def stamp(self) -> str:
        """Another one after each commit, whoever's: as long as it stays the same, so does all that can be read."""
        if not self.is_sqlite:
            with self.reading() as session:
                return str(session.scalar(text("SELECT pg_current_snapshot()::text")))
        with self._stamping:
            if self._stamper is None:
                # SQLite tells each connection of the commits of others: this one never writes.
                pooled = self.engine.raw_connection()
                self._stamper = pooled.dbapi_connection
                pooled.detach()
            cursor = cast("DBAPIConnection", self._stamper).cursor()
            cursor.execute("PRAGMA data_version")
            return str(cursor.fetchone())

    def lookup_hash(self, text: str) -> str:
        """`crypto.lookup_hash` under this database's own key."""
        if self._lookup_key is None:
            with self.reading() as session:
                self._lookup_key = lookup_key(session)
        return lookup_hash(self._lookup_key, text)

    def make_secrets(self) -> None:
        """Make the secrets that are still missing; called after each migration."""
        with self.transaction() as session:
            insert_or_ignore(session, Secret, name=_LOOKUP, value=secrets.token_hex(32))

    def close(self) -> None:
        if self._stamper is not None:
            self._stamper.close()
            self._stamper = None
        self.engine.dispose()


def lookup_key(session: Session) -> bytes:
    """The database's own key for `crypto.lookup_hash`."""
    return bytes.fromhex(session.scalars(select(Secret.value).filter_by(name=_LOOKUP)).one())


def after_commit(session: Session, job: Job) -> None:
    """Have `job` sent when, and only when, the session's transaction has been committed; each once."""
    session.info[_JOBS][job] = None


def insert_or_ignore(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique rule forbids it. True if it was inserted."""
    session.flush()
    connection = session.connection()
    return connection.execute(_insert_or_ignore(connection.dialect.name, model), values).rowcount == 1


def insert_all_or_ignore(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert those rows that no unique rule forbids, in one go. All have the same columns."""
    session.flush()
    if rows:
        connection = session.connection()
        connection.execute(_insert_or_ignore(connection.dialect.name, model), rows)


@cache
def _insert_or_ignore(dialect: str, model: type[Base]) -> Insert:
    """Made once: a call's first words wait for such an insert, and putting one together takes longer than doing it."""
    make = sqlite_insert if dialect == "sqlite" else postgresql_insert
    # Unless it is asked to keep an INSERT's count, SQLAlchemy has lost it on PostgreSQL by the time we look.
    return make(cast("Table", model.__table__)).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def changed(session: Session, statement: Executable) -> int:
    """Execute an UPDATE or DELETE: how many rows it touched."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            hide_parameters=True,  # an error's text may reach a log
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    timeouts = f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={2 * BUSY_SECONDS}s"
    return create_engine(
        parsed,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=CONNECT_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": timeouts},
    )


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, late and deferred; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # Each commit is on disk before the caller hears that it counts: a check-in's answer survives a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads before it writes fails at once when another has written in between.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
