"""The roster: a week or a day of it as a calendar, as a list, and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from dashboard import queries_roster, roster_days, roster_view
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.log_filters import day_of
from dashboard.roster_days import RosterDays, Show
from dashboard.roster_view import Block
from dashboard.times import Moment
from phoneline import covering
from phoneline.recurrence import wall

MOST_DAYS = timedelta(days=42)
SHOWS = ((Show.WEEK, "Week"), (Show.DAY, "Day"), (Show.LIST, "List"))

group = page_group("roster")


@group.get("/roster")
def page() -> ResponseReturnValue:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    shown = roster_days.read(request.args, at.now, at.zone)
    since, until = shown.bounds(at.zone)
    with line.database.reading() as reading:
        found = queries_roster.hours(reading, since, until)
        gaps = covering.gaps(reading, line.live, max(since, at.now), until)
    blocks = roster_view.blocks(found, at, may_change=False)
    return render_template(
        "roster.html",
        view=roster_view.week(shown, blocks, gaps, at),
        shown=shown,
        this=RosterDays(shown.show, shown.today, shown.today),
        shows=SHOWS,
        may_change=False,
        offset=_offset(at),
    )


def _offset(at: Moment) -> str:
    """Of the line's wall clock now, such as "-05:00": where the calendar draws its line for now."""
    seconds = (wall(at.now, at.zone) - at.now.replace(tzinfo=None)).total_seconds()
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


@group.get("/roster/hours.json")
def hours() -> ResponseReturnValue:
    """The blocks and the gaps of some days, by the line's wall clock."""
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    first, after = _days(request.args)
    since, until = roster_days.bounds(first, after, at.zone)
    with line.database.reading() as reading:
        found = queries_roster.hours(reading, since, until)
        gaps = covering.gaps(reading, line.live, max(since, at.now), until)
    return jsonify(
        hours=[_sent(one) for one in roster_view.blocks(found, at, may_change=False)],
        gaps=[asdict(one) for one in roster_view.gaps(gaps, at.zone)],
    )


def _days(query: Mapping[str, str]) -> tuple[date, date]:
    """400 unless it is a stretch of at most six weeks."""
    first, after = (day_of(query.get(name, "")[:20]) for name in ("from", "until"))
    if first is None or after is None or not timedelta() < after - first <= MOST_DAYS:
        abort(400)
    return first, after


SENT: Sequence[str] = ("id", "starts", "ends", "span", "who", "kind", "marks", "told", "repeats", "may_change", "rule")


def _sent(block: Block) -> dict[str, Any]:
    return {name: getattr(block, name) for name in SENT}
