"""Takes a database away while the line is running, and brings it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from phoneline.db import Database


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Nobody reaches the database within the block; afterwards it is there again, with all that it held."""
    database.close()
    with _file_away(database) if database.is_sqlite else _renamed(database):
        yield


@contextmanager
def _file_away(database: Database) -> Iterator[None]:
    path = Path(str(database.engine.url.database))
    kept = path.with_suffix(".away")
    path.rename(kept)
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        kept.rename(path)


@contextmanager
def _renamed(database: Database) -> Iterator[None]:
    name = str(database.engine.url.database)
    server = make_url(database.engine.url).set(database="postgres")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")

    def rename(old: str, new: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {old} RENAME TO {new}"))

    rename(name, f"{name}_away")
    try:
        yield
    finally:
        rename(f"{name}_away", name)
        engine.dispose()
