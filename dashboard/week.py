"""Below the day sheet, brought once: who is to be called on the days ahead, and how the last week went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import queries_coming, queries_week, sheet_filters, week_view
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.queries_week import Alike
from dashboard.sheet_filters import SheetFilters
from dashboard.times import Moment
from dashboard.week_view import ComingDay, Figure

AHEAD_DAYS, BACK_DAYS = 6, 7
SETTLED_DAYS = 2
"""A day that is over for so long changes no more: it is counted once in a process."""
KEPT = "weeks"

group = page_group("week")


@dataclass(frozen=True)
class WeekPage:
    """What stands below the sheet. `coming` is None where there are too many plans to say."""

    coming: Sequence[ComingDay] | None
    figures: Sequence[Figure]


@group.get("/check-ins/week")
def page() -> ResponseReturnValue:
    """Within the sheet, or, without scripts, as a page of its own."""
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    filters = sheet_filters.read(request.args, at.now, at.zone)
    with line.database.reading() as reading:
        view = WeekPage(_coming(reading, filters, at), _figures(reading, filters, at))
    return render_template("week_part.html" if request.headers.get("HX-Request") else "week.html", view=view)


def _coming(reading: Session, filters: SheetFilters, at: Moment) -> Sequence[ComingDay] | None:
    since, shown_until = filters.bounds(at.zone)
    _, until = filters.on(filters.apart + AHEAD_DAYS).bounds(at.zone)
    beyond = queries_coming.beyond(reading, max(since, at.now), until, at.zone)
    if beyond is None:
        return None
    laid_out = queries_coming.laid_out(reading, max(shown_until, at.now), until)
    return week_view.coming([*laid_out, *beyond], at)


def _figures(reading: Session, filters: SheetFilters, at: Moment) -> Sequence[Figure]:
    grace = the_line().live.checkin_grace_seconds
    found: list[Alike] = []
    for apart in range(-BACK_DAYS, 0):
        found += _tally(reading, filters.on(apart), at, grace)
    return week_view.figures(found, grace // 60)


def _tally(reading: Session, day: SheetFilters, at: Moment, grace: int) -> Sequence[Alike]:
    kept: dict[tuple[str, int], Sequence[Alike]] = current_app.extensions.setdefault(KEPT, {})
    key = (str(day.day), grace)
    if key in kept:
        return kept[key]
    found = queries_week.tally(reading, *day.bounds(at.zone), grace)
    if day.apart <= -SETTLED_DAYS:
        kept[key] = found
    for old in [one for one in kept if one[0] < str(day.today - timedelta(days=BACK_DAYS))]:
        del kept[old]
    return found
