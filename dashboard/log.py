"""The contact log: every contact in one line, newest first, and its follow-up marked as done."""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from dashboard import live, log_filters, log_view, queries_log, words
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.log_filters import Cursor, Filters
from dashboard.log_view import LogPage
from dashboard.times import Moment
from phoneline import follow_ups
from phoneline.recurrence import wall
from phoneline.states import ContactKind, ContactOutcome, FollowUp

MOST_UNDO = 10

group = page_group("log")


@group.get("/log")
def page() -> ResponseReturnValue:
    filters = log_filters.read(request.args)
    before = Cursor.read(request.args.get("before", ""))
    view = _view(filters, before)
    return render_template(
        "log.html",
        view=view,
        seen=live.fingerprint(view),
        filters=filters,
        before=before,
        presets=_presets(filters),
        choices=_choices(),
    )


@group.get("/log/live", endpoint="live")
def fragment() -> ResponseReturnValue:
    filters = log_filters.read(request.args)
    return live.fragment("log_live.html", _view(filters, None), filters=filters)


@group.post("/log/<contact_id>/done")
def done(contact_id: str) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        was = follow_ups.finish(writing, contact_id, the_line().now)
    if was is not None:
        kept = {key: value for key, value in undoable().items() if key != contact_id}
        session["undo"] = dict([*kept.items(), (contact_id, was.value)][-MOST_UNDO:])
    return _after_change(contact_id)


@group.post("/log/<contact_id>/undo")
def undo(contact_id: str) -> ResponseReturnValue:
    was = undoable().get(contact_id)
    if was is None:
        abort(404)
    with the_line().database.transaction() as writing:
        follow_ups.reopen(writing, contact_id, FollowUp(was))
    session["undo"] = {key: value for key, value in undoable().items() if key != contact_id}
    return _after_change(contact_id)


def undoable() -> dict[str, str]:
    """What this visitor has marked as done lately, and what it was before."""
    kept = session.get("undo")
    return kept if isinstance(kept, dict) else {}


def _after_change(contact_id: str) -> ResponseReturnValue:
    """Back to where the button stood: the contact's own page, or the log as it is now, to htmx as a fragment."""
    if request.form.get("back") == "contact":
        return redirect(url_for("contact.page", contact_id=contact_id), 303)
    filters = log_filters.read(request.form)
    before = Cursor.read(request.form.get("before", ""))
    if not request.headers.get("HX-Request"):
        return redirect(url_for("log.page", **_query(filters, before)), 303)
    view = _view(filters, before)
    return render_template("log_live.html", view=view, seen=live.fingerprint(view), filters=filters, before=before)


def _query(filters: Filters, before: Cursor | None) -> dict[str, Any]:
    return filters.query() | ({"before": str(before)} if before else {})


def _view(filters: Filters, before: Cursor | None) -> LogPage:
    line = the_line()
    zone = line.settings.timezone
    with line.database.reading() as reading:
        rows = [] if filters.problem else queries_log.page(reading, filters, zone, before)
        open_count = queries_log.open_follow_ups(reading)
    return log_view.build(rows, filters, open_count, undoable(), Moment(line.now, zone))


def _presets(filters: Filters) -> list[tuple[str, str, bool]]:
    """The filters in plain words that most people want: words, address, whether it is the one chosen."""
    line = the_line()
    today = wall(line.now, line.settings.timezone).date()
    monday = today - timedelta(days=today.weekday())
    found: list[tuple[str, dict[str, Any]]] = [
        ("Everything", {}),
        ("Today", {"from": str(today)}),
        ("This week", {"from": str(monday)}),
        ("Open follow-ups", {"follow_up": log_filters.OPEN}),
    ]
    return [(name, url_for("log.page", **query), filters.query() == query) for name, query in found]


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What the selects offer: value and words."""
    return {
        "kind": [(kind.value, words.KINDS[kind]) for kind in ContactKind],
        "outcome": [(outcome.value, words.OUTCOMES[outcome]) for outcome in ContactOutcome],
        "follow_up": [
            (log_filters.OPEN, "open (wanted or urgent)"),
            *[(state.value, words.FOLLOW_UPS[state]) for state in FollowUp],
        ],
    }
