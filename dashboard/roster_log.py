"""What was changed on the roster, by whom: for everybody on the team."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import queries_roster_log, roster_log_view, typed
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.times import Moment

group = page_group("roster_log")


@group.get("/roster/changes")
def page() -> ResponseReturnValue:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        found = queries_roster_log.changes(reading, typed.instant(request.args.get("before", "")))
    return render_template("roster_log.html", view=roster_log_view.build(found, at))
