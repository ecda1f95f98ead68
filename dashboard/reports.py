"""Reports: what the line did in some days, beside the days before; on a page, printed, and as CSV."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from dashboard import queries_report, report_amounts, report_days, report_files, report_view
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.queries_report import Range
from dashboard.report_charts import Counted
from dashboard.report_days import PRESET_WORDS, Asked
from dashboard.report_view import Report
from phoneline.recurrence import wall
from phoneline.report_rules import Days

group = page_group("reports")


@group.get("/reports")
def page() -> ResponseReturnValue:
    asked = _asked()
    shown = render_template("reports.html", report=_report(asked.days), asked=asked, **_said())
    return shown, 422 if asked.wrong else 200


@group.get("/reports/summary")
def summary() -> ResponseReturnValue:
    """One sheet of paper for whoever gives money."""
    asked = _asked()
    return render_template("report_summary.html", report=_report(asked.days), asked=asked, **_said())


@group.get("/reports/<table>.csv")
def file(table: str) -> ResponseReturnValue:
    """One of the tables."""
    if table not in report_files.TABLES:
        abort(404)
    asked = _asked()
    text = report_files.written(report_files.TABLES[table](_report(asked.days)))
    name = f"{table}-{asked.days.first}-{asked.days.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _asked() -> Asked:
    line = the_line()
    return report_days.read(request.args, wall(line.now, line.settings.timezone).date())


def _said() -> dict[str, object]:
    """What templates say numbers with."""
    return {"presets": PRESET_WORDS.items(), "shown": report_amounts.shown, "seconds": report_amounts.seconds}


def _report(days: Days) -> Report:
    line = the_line()
    zone, now = line.settings.timezone, line.now
    grace = line.live.checkin_grace_seconds
    within, before = (Range(*one.bounds(zone), now) for one in (days, days.before))
    with line.database.reading() as reading:
        found = queries_report.tallies(reading, within, grace)
        old = queries_report.tallies(reading, before, grace, with_names=False)
        calls = Counted(queries_report.by_quarters(reading, within), zone)
    return report_view.build(found, old, calls, days, wall(now, zone).date())
