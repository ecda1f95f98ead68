"""Migrations, run from the installed package: no alembic.ini, whatever the working directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from phoneline.db import WRITES, Database
from phoneline.home import Home
from phoneline.locks import MIGRATION, hold_alone

PATIENCE_SECONDS = 300
"""So long a process waits for another that migrates: a big table takes its time."""
HOME = Home()
SCRIPTS = Path(__file__).parent / "migrations"


class BrokenReferenceError(Exception):
    """A migration would have left rows that point at nothing; nothing of it was kept."""


def upgrade(database_url: str, line_zone: ZoneInfo = HOME.zone) -> None:
    """Bring the database to the newest tables and make the secrets that are missing.

    Any number of processes may do this at once: one migrates, the others wait and find it done. All or nothing.
    `line_zone` is the line's own, in which shifts are planned.
    """
    database = Database(database_url)
    if database.is_sqlite and database.engine.url.database:
        Path(database.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        with migrating(database, line_zone) as config:
            command.upgrade(config, "head")
        database.make_secrets()
    finally:
        database.close()


def at_head(database: Database) -> bool:
    """Whether the database has exactly the tables that this release was written for."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads() == _heads()


@contextmanager
def migrating(database: Database, line_zone: ZoneInfo = HOME.zone) -> Iterator[Config]:
    """Alembic's configuration within one transaction in which nobody else migrates; it commits at the end."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        if database.is_sqlite:
            with _patiently(connection), _without_foreign_keys(connection), connection.begin():
                yield _config(connection, line_zone)
                _check_references(connection)
        else:
            with connection.begin():
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                hold_alone(connection, MIGRATION)
                yield _config(connection, line_zone)


def _config(connection: Connection | None = None, line_zone: ZoneInfo = HOME.zone) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["line_zone"] = line_zone
    return config


@cache
def _heads() -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


@contextmanager
def _patiently(connection: Connection) -> Iterator[None]:
    cursor = connection.connection.cursor()
    usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout={1000 * PATIENCE_SECONDS}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout={usual}")
        cursor.close()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by copying and dropping it, which would take along every row that points at it."""
    # The switch works outside a transaction only, and SQLAlchemy's connection would begin one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferenceError(f"rows of {tables} would point at nothing")
