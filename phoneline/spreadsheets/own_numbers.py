"""Numbers that may stand in a spreadsheet at all: not the line's own, and in a country that may be rung."""

from collections.abc import Collection, Sequence

from phoneline import countries
from phoneline.spreadsheets.table import Problem, Row


def check_may_be_rung(
    rows: Sequence[Row], columns: Sequence[str], allowed: Collection[str], line_number: str
) -> list[Problem]:
    """A problem for each cell with a number that the line would never ring."""
    found = [
        (row, column, countries.reason_not_to_ring(row[column], allowed, line_number))
        for row in rows
        for column in columns
        if row[column] is not None
    ]
    return [row.problem(column, reason) for row, column, reason in found if reason]
