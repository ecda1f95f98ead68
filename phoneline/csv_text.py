"""CSV for programs and for spreadsheets: the one place that writes it. Pure.

A spreadsheet takes a cell that begins with one of a few characters for a formula, and does what it says. Text that does
gets an apostrophe before it, which spreadsheets leave out again; what is a number stays one.
"""

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Iterable[object]) -> str:
    """A line of cells, with its end. None is an empty cell."""
    written = io.StringIO()
    # What is part of an end of line is quoted within a cell: so both kinds are.
    csv.writer(written, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return written.getvalue().removesuffix("\r\n") + "\n"


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
