"""What only one process may do at a time, on PostgreSQL; on SQLite the one write lock already sees to it."""

from sqlalchemy import Connection, text

MIGRATION = 5550001
IMPORT = 5550002
PAUSE = 5550003
RECORDING = 5550004
COVER = 5550005
SETTING = 5550006
PERSON = 5550007
TWICE = 5550008


def hold_alone(connection: Connection, lock: int) -> None:
    """Wait, however long, until nobody else holds `lock`, then hold it until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    hold_in_turn(connection, lock)


def hold_in_turn(connection: Connection, lock: int) -> None:
    """As `hold_alone`, but waiting no longer than for any other lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
