"""Shifts from a calendar file, and into one: for whoever moves here, or moves on."""

import structlog
from flask import Response, request
from flask.typing import ResponseReturnValue

from dashboard import calendar_problems, feeds, queries_team
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.tongue import N_, ngettext
from dashboard.tongue import gettext as _
from phoneline import calendar_import, calendar_reading, calendar_text, csv_text, roster_feeds
from phoneline.calendar_import import CalendarRefusedError
from phoneline.recurrence import wall
from phoneline.roster_changes import By

NAMES = "names"
NO_FILE = N_("Please choose an iCalendar file (.ics) of at most 2 megabytes.")
MOST_SHOWN = 20

group = page_group("calendar_files")
events = structlog.get_logger()


@group.post("/roster/take-over")
def take_over() -> ResponseReturnValue:
    """All shifts of the file that are still to come, or none and what is wrong with it."""
    line, visitor, whose = the_line(), known_visitor(), request.form.get("from", "").replace("\0", "")
    chosen = request.files.get("file")
    data = chosen.read(calendar_reading.LARGEST + 1) if chosen else b""
    if not data or len(data) > calendar_reading.LARGEST:
        return feeds.show(file_problems=[_(NO_FILE)]), 422
    by = By(account_id=visitor.account_id)
    try:
        with line.database.transaction() as writing:
            person_id = None if whose == NAMES else whose
            if person_id is not None and not queries_team.is_volunteer(writing, person_id):
                return feeds.show(file_problems=[_("Please choose whose shifts these are.")]), 422
            done = calendar_import.take_over(writing, data, person_id, by, line.live, line.now)
    except CalendarRefusedError as error:
        told = [calendar_problems.sentence(one) for one in error.problems]
        beyond = len(told) - MOST_SHOWN
        more = [ngettext("And one more.", "And %(number)s more.", beyond, number=beyond)] if beyond > 0 else []
        return feeds.show(file_problems=told[:MOST_SHOWN] + more), 422
    events.info("calendar_taken_over", account_id=visitor.account_id, made=done.made, known=done.known, over=done.over)
    return feeds.show(taken_over=done)


@group.get("/roster/shifts.ics")
def as_calendar() -> ResponseReturnValue:
    """The whole roster once, by first name: what `take_over` reads again."""
    line = the_line()
    with line.database.reading() as reading:
        entries = roster_feeds.entries(reading, None, line.now)
    file = calendar_text.write("Roster", entries, line.now)
    return Response(file, content_type=feeds.CALENDAR, headers=_saved_as("shifts.ics"))


@group.get("/roster/shifts.csv")
def as_spreadsheet() -> ResponseReturnValue:
    """The same for a spreadsheet, by the line's wall clock."""
    line = the_line()
    zone = line.settings.timezone
    with line.database.reading() as reading:
        entries = roster_feeds.entries(reading, None, line.now)
    lines = [csv_text.line(["who", "starts_at", "ends_at"])]
    for one in entries:
        times = (f"{wall(at, zone):%Y-%m-%dT%H:%M}" for at in (one.starts_at, one.ends_at))
        lines.append(csv_text.line([one.title, *times]))
    return Response("".join(lines), content_type="text/csv; charset=utf-8", headers=_saved_as("shifts.csv"))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
