"""When the line is open: the hours of the week, closed days, and what comes of them in the days ahead."""

from datetime import date, timedelta

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import hours_form, hours_view, queries_settings, setting_log_view
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.hours_form import ClosedForm, HoursForm
from dashboard.setting_said import said_of_text
from dashboard.times import Moment, weekday
from dashboard.tongue import gettext as _
from phoneline import holidays, live_settings, locks, setting_changes
from phoneline.change_log import By, ChangedSinceError
from phoneline.hours import Calendar
from phoneline.recurrence import wall

HOURS, CLOSED = "line_hours", "closed_days"
A_MONDAY = date(2024, 1, 1)
group = page_group("hours")
events = structlog.get_logger()


@group.get("/settings/hours")
def page() -> ResponseReturnValue:
    return _page()


@group.post("/settings/hours")
def save() -> ResponseReturnValue:
    """Saved, or only tried: then the days ahead are shown as they would be."""
    line, account_id = the_line(), known_visitor().account_id
    form = hours_form.read(request.form)
    if form.hours is None:
        return _page(form), 422
    if "save" not in request.form:
        return _page(form)
    try:
        with line.database.transaction() as writing:
            seen = request.form.get("seen", "")[:1000]
            made = setting_changes.change(writing, HOURS, str(form.hours), By(account_id), line.now, seen=seen)
            change_id = made.id if made else None
    except ChangedSinceError as error:
        with line.database.reading() as reading:
            row = queries_settings.last_of(reading, HOURS)
            since = setting_log_view.since(row, said_of_text(HOURS, error.now_is), at())
        return _page(form, since=since), 409
    if change_id:
        events.info("setting_changed", account_id=account_id, setting=HOURS)
    return redirect(url_for("hours.page", saved=change_id), 303)


@group.post("/settings/hours/closed")
def close() -> ResponseReturnValue:
    """One more day without hours, or one of every year."""
    form = ClosedForm(request.form.get("day", "")[:10], "yearly" in request.form)
    line = the_line()
    with line.database.transaction() as writing:
        locks.hold_in_turn(writing.connection(), locks.SETTING)
        form, text = hours_form.closed_with(live_settings.read(writing).closed_days, form)
        made = setting_changes.change(writing, CLOSED, text, By(known_visitor().account_id), line.now) if text else None
        change_id = made.id if made else None
    if change_id is None:
        return _page(closing=form), 422
    events.info("setting_changed", account_id=known_visitor().account_id, setting=CLOSED)
    return redirect(url_for("hours.page", saved=change_id, _anchor=CLOSED), 303)


@group.post("/settings/hours/closed/<day>/off")
def reopen(day: str) -> ResponseReturnValue:
    """A day is taken off the list."""
    line = the_line()
    with line.database.transaction() as writing:
        locks.hold_in_turn(writing.connection(), locks.SETTING)
        text = hours_form.closed_without(live_settings.read(writing).closed_days, day)
        if text is None:
            abort(404)
        made = setting_changes.change(writing, CLOSED, text, By(known_visitor().account_id), line.now)
        change_id = made.id if made else None
    events.info("setting_changed", account_id=known_visitor().account_id, setting=CLOSED)
    return redirect(url_for("hours.page", saved=change_id, _anchor=CLOSED), 303)


def _page(form: HoursForm | None = None, closing: ClosedForm | None = None, since: str = "") -> str:
    """As it is stored; with a form that was tried, the days ahead are those of the form."""
    line = the_line()
    zone = line.settings.timezone
    wall_clock = Moment(line.now, zone)
    today = wall(line.now, zone).date()
    with line.database.reading() as reading:
        live = live_settings.read(reading)
        named = {one.day: one.name for one in holidays.listed(reading, today)}
        saved = queries_settings.changes(reading, which=request.args.get("saved", "")[:64] or "-")
    calendar = Calendar(live.line_hours, live.closed_days, zone)
    tried = Calendar(form.hours, live.closed_days, zone) if form and form.hours else None
    return render_template(
        "hours.html",
        answer=hours_view.now(calendar, wall_clock),
        week=hours_view.week(tried or calendar, wall_clock, named),
        tried=hours_view.now(tried, wall_clock) if tried else "",
        form=form or hours_form.of(live.line_hours),
        seen=str(live.line_hours),
        since=since,
        closed=hours_view.closed(live.closed_days, today),
        closing=closing or ClosedForm(),
        today=today.isoformat(),
        weekdays=[weekday(A_MONDAY + timedelta(days=day)) for day in hours_form.WEEKDAYS],
        zone=str(zone),
        saved=saved[0].change if saved else None,
        from_when=_("It holds from the next call on."),
    )
