"""Spreadsheets for tests, and what an import of one comes to."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from phoneline.db import Database
from phoneline.spreadsheets import IMPORTS, RefusedError

LINE = ZoneInfo("America/Toronto")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in Toronto."""

ANN, BOB, CAT = "+14165550101", "+14165550102", "+14165550103"


def sheet(header: str, *rows: str) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def local(text: str) -> datetime:
    """A wall-clock time."""
    return datetime.fromisoformat(text)


def written(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """As a spreadsheet program would write it, with all the quotes that it takes."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def take(database: Database, kind: str, data: bytes, now: datetime = NOW) -> list[str]:
    """Import; the problems as they are shown, none if it was done."""
    try:
        IMPORTS[kind](database, data, LINE, now)
    except RefusedError as error:
        return [str(problem) for problem in error.problems]
    return []
