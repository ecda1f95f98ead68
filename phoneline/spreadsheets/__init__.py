"""Coordinators' spreadsheets: people, shifts and check-ins as CSV, taken over whole or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from phoneline.db import Database
from phoneline.spreadsheets.checkins import import_checkins
from phoneline.spreadsheets.people import import_people
from phoneline.spreadsheets.shifts import import_shifts
from phoneline.spreadsheets.table import Problem, RefusedError


class Import(Protocol):
    """Takes a file's bytes, the line's zone, now, and the line's own number: that one can be nobody's."""

    def __call__(
        self, database: Database, data: bytes, line_zone: ZoneInfo, now: datetime, line_number: str = ""
    ) -> int:
        """The number of rows. RefusedError names all problems."""


IMPORTS: Mapping[str, Import] = {
    "people": import_people,
    "shifts": import_shifts,
    "checkins": import_checkins,
}

__all__ = ["IMPORTS", "Problem", "RefusedError", "import_checkins", "import_people", "import_shifts"]
