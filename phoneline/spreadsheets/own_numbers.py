"""Numbers that may stand in a spreadsheet at all: not the line's own, and in a country that may be rung."""

from collections.abc import Collection, Sequence

from phoneline import countries
from phoneline.spreadsheets.table import Problem, Row


def check_may_be_rung(
    rows: Sequence[Row], columns: Sequence[str], allowed: Collection[str], line_number: str
) -> list[Problem]:
    """A problem for each cell with a number that the line would never ring."""
    found = [(row, column, _reason(row[column], allowed, line_number)) for row in rows for column in columns]
    return [row.problem(column, reason) for row, column, reason in found if reason]


def _reason(number: str | None, allowed: Collection[str], line_number: str) -> str:
    if number is None:
        return ""
    if number == line_number:
        return "is the line's own number; give the number of the person's own telephone"
    if countries.may_be_rung(number, allowed):
        return ""
    where = countries.of_number(number) or "no country"
    return f"is a number of {where}, and only {','.join(allowed)} may be rung; see the setting countries"
