"""Reading a CSV file: its header, its cells, and everything that is wrong with either, by row and column."""

import csv
import io
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HEADER = 1


@dataclass(frozen=True)
class Problem:
    """Why a file is refused: one place in it, and how to mend it. Rows count as a spreadsheet shows them, from 1."""

    row: int
    column: str | None
    reason: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.column is None else f"row {self.row}, column {self.column}"
        return f"{place}: {self.reason}"


class RefusedError(Exception):
    """Nothing of the file was taken over. `problems` has everything that is wrong with it, top to bottom."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.row)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Column:
    """A column that may stand in a file. `read` makes a value of a text, or a ValueError that says what is accepted."""

    name: str
    read: Callable[[str], Any]
    needed: bool = False
    """The header must have it."""
    filled: bool = False
    """No cell of it may be blank."""


@dataclass(frozen=True)
class Row:
    """One row: a value for every known column, None where the cell is blank or wrong or the column isn't there."""

    number: int
    values: Mapping[str, Any]
    faulty: frozenset[str] = frozenset()
    """The columns whose cells are wrong. What the others say together can still be checked."""

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - each column has its own type
        return self.values[column]

    def problem(self, column: str, reason: str) -> Problem:
        return Problem(self.number, column, reason)


@dataclass(frozen=True)
class Table:
    """The rows that have a cell for each column of the header, and what is wrong with cells and with other rows."""

    rows: Sequence[Row]
    problems: Sequence[Problem]

    @property
    def sound(self) -> Sequence[Row]:
        """The rows without a wrong cell."""
        return [row for row in self.rows if not row.faulty]


def read(data: bytes, columns: Sequence[Column], identity: Callable[[Row], Hashable]) -> Table:
    """Read a whole file. `identity` tells rows apart: a second one with the same is a problem of the later row.

    RefusedError at once when the file is no UTF-8 CSV or its header won't do: then no row can be understood.
    """
    records = _records(_text(data))
    header = _header(next(records, (HEADER, []))[1], columns)
    problems: list[Problem] = []
    rows: list[Row] = []
    for number, record in records:
        if any(cell.strip() for cell in record):
            row, wrong = _row(number, record, header, columns)
            problems += wrong
            rows += [row] if row else []
    table = Table(rows, problems)
    return Table(rows, problems + _doubles(table.sound, identity))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        reason = "not UTF-8 text; save the file as CSV UTF-8"
        raise RefusedError([Problem(row, None, reason)]) from error


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row number; a quoted line break starts no row."""
    done = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for done, record in enumerate(reader, HEADER):
            yield done, record
    except csv.Error as error:
        reason = f"not CSV ({error}); look for a quotation mark too many or too few"
        raise RefusedError([Problem(done + 1, None, reason)]) from error


def _header(record: Sequence[str], columns: Sequence[Column]) -> list[str]:
    header = [name.strip() for name in record]
    known = {column.name for column in columns}
    problems = []
    for position, name in enumerate(header, 1):
        if name not in known:
            problems.append(_unknown(name, position, columns))
        elif name in header[: position - 1]:
            problems.append(Problem(HEADER, name, "stands there twice; remove one of the two"))
    problems += [
        Problem(HEADER, column.name, "is missing; add it to the header")
        for column in columns
        if column.needed and column.name not in header
    ]
    if problems:
        raise RefusedError(problems)
    return header


def _unknown(name: str, position: int, columns: Sequence[Column]) -> Problem:
    if not name:
        return Problem(HEADER, str(position), "has no name; name it or remove it")
    if ";" in name or "\t" in name:
        return Problem(HEADER, name, "columns are separated by commas; save the file as comma-separated CSV UTF-8")
    names = ", ".join(column.name for column in columns)
    return Problem(HEADER, name, f"there is no such column; remove it or name it one of: {names}")


def _row(
    number: int, record: Sequence[str], header: Sequence[str], columns: Sequence[Column]
) -> tuple[Row | None, list[Problem]]:
    """The row and what is wrong with its cells; no row when they can't be told apart."""
    if len(record) != len(header):
        place = header[len(record)] if len(record) < len(header) else str(len(header) + 1)
        reason = f"the row has {len(record)} cells and the header {len(header)}; a comma within a cell needs quotes"
        return None, [Problem(number, place, reason)]
    cells = dict(zip(header, (cell.strip() for cell in record), strict=True))
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        text = cells.get(column.name, "")
        values[column.name] = None
        if text:
            try:
                values[column.name] = column.read(text)
            except ValueError as error:
                problems.append(Problem(number, column.name, str(error)))
        elif column.filled:
            problems.append(Problem(number, column.name, "is blank; fill it in"))
    return Row(number, values, frozenset(problem.column or "" for problem in problems)), problems


def _doubles(rows: Sequence[Row], identity: Callable[[Row], Hashable]) -> list[Problem]:
    first: dict[Hashable, int] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(identity(row), row.number)
        if earlier != row.number:
            problems.append(
                row.problem("phone", f"says the same as row {earlier} about the same; remove one of the two")
            )
    return problems
