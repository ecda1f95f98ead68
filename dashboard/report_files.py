"""A report's tables as CSV, for spreadsheet programs. Pure."""

from collections.abc import Callable, Mapping, Sequence

from dashboard.report_charts import Chart
from dashboard.report_view import Report
from phoneline import csv_text

MARK = "\ufeff"
"""Tells spreadsheet programs that letters beyond English ones follow."""
Cell = str | int | float | None
Table = Sequence[Sequence[Cell]]


def written(table: Table) -> str:
    return MARK + "".join(csv_text.line(row) for row in table)


def _measures(report: Report) -> Table:
    rows = [(row, section) for section in report.sections for row in section.rows]
    return [
        ("measure", "section", "name", "unit", "value", "before", "counted"),
        *(
            (row.key, section.key, row.name, row.unit.value, _plain(row.now), _plain(row.before), row.counted)
            for row, section in rows
        ),
    ]


def _plain(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _chart(chart: Chart | None) -> Table:
    columns = chart.columns if chart else ()
    return [("when", "calls", "answered"), *((one.label, one.calls.count, one.calls.answered) for one in columns)]


def _hours(report: Report) -> Table:
    if report.heat is None:
        return [("hour",)]
    names = [full for _short, full in report.heat.weekdays]
    rows: Table = [(hour, *(one.count for one in cells)) for hour, cells in report.heat.rows]
    return [("hour", *names), *rows]


def _volunteers(report: Report) -> Table:
    return [
        ("name", "hours", "conversations", "talk_seconds"),
        *((one.name, round(one.hours, 4), one.conversations, one.talk) for one in report.loads),
    ]


TABLES: Mapping[str, Callable[[Report], Table]] = {
    "measures": _measures,
    "time": lambda report: _chart(report.over_time),
    "hours": _hours,
    "endings": lambda report: [("ending", "calls"), *((one.name, one.count) for one in report.endings)],
    "kinds": lambda report: [("kind", "contacts"), *((one.name, one.count) for one in report.kinds)],
    "volunteers": _volunteers,
}
"""Each by the name in its address."""
