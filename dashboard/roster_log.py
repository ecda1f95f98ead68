"""What was changed on the roster, by whom: for everybody on the team."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import queries_roster_log, roster_log_view
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.times import Moment

group = page_group("roster_log")


@group.get("/roster/changes")
def page() -> ResponseReturnValue:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        found = queries_roster_log.changes(reading, _before(request.args.get("before", "")))
    return render_template("roster_log.html", view=roster_log_view.build(found, at))


def _before(text: str) -> datetime | None:
    """Where an older page begins; None for the newest, and for what is no instant."""
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year < 2100 else None  # noqa: PLR2004 - as spreadsheets have them
