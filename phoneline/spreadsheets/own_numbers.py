"""Numbers that may stand in a spreadsheet at all: not the line's own, and in a country that may be rung."""

from collections.abc import Collection, Sequence

from phoneline import countries
from phoneline.spreadsheets.table import Problem, Row


def check_may_be_rung(
    rows: Sequence[Row], columns: Sequence[str], allowed: Collection[str], line_number: str
) -> list[Problem]:
    """A problem for each cell with a number that the line would never ring."""
    cells = [(row, column, row[column]) for row in rows for column in columns if row[column] is not None]
    return [
        row.problem(column, why.value % countries.values(number, allowed))
        for row, column, number in cells
        if (why := countries.why_not_ring(number, allowed, line_number))
    ]
