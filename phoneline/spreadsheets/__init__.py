"""Coordinators' spreadsheets: people, shifts and check-ins as CSV, taken over whole or not at all."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from phoneline.db import Database
from phoneline.spreadsheets.checkins import import_checkins
from phoneline.spreadsheets.people import import_people
from phoneline.spreadsheets.shifts import import_shifts
from phoneline.spreadsheets.table import Problem, RefusedError

IMPORTS: Mapping[str, Callable[[Database, bytes, ZoneInfo, datetime], int]] = {
    "people": import_people,
    "shifts": import_shifts,
    "checkins": import_checkins,
}
"""Each takes the file's bytes, the line's zone and now; gives the number of rows. RefusedError names all problems."""

__all__ = ["IMPORTS", "Problem", "RefusedError", "import_checkins", "import_people", "import_shifts"]
