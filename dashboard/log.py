"""The contact log: every contact in one line, newest first, and its follow-up marked as done."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from flask import Response, abort, redirect, render_template, request, session, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from dashboard import care, contact, follow_up_form, live, log_file, log_filters, log_view, queries_log, words
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.log_filters import Cursor, Filters
from dashboard.log_view import LogPage
from dashboard.own_record import not_own
from dashboard.tongue import gettext as _
from phoneline import audit
from phoneline.models import Contact
from phoneline.recurrence import wall
from phoneline.states import ContactKind, ContactOutcome, FollowUp

MOST_UNDO = 10

group = page_group("log")
events = structlog.get_logger()


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


@group.get("/log/file", endpoint="file")
def download() -> ResponseReturnValue:
    """What the filters choose as a file for spreadsheets; who took it away is written down."""
    filters = log_filters.read(request.args)
    if filters.problem:
        abort(400)
    line, account_id, moment, own = the_line(), known_visitor().account_id, at(), not_own(Contact.person_id)
    with line.database.transaction() as writing:
        audit.took_log(writing, account_id, line.now)
    events.info("log_taken", account_id=account_id)
    heads = log_file.heads()
    rows = queries_log.batches(line.database, filters, moment.zone, own)
    told = stream_with_context(log_file.csv(heads, rows, moment))
    name = f"phoneline-{wall(moment.now, moment.zone):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(told, mimetype="text/csv", headers=headers)


@group.post("/log/<contact_id>/done")
def done(contact_id: str) -> ResponseReturnValue:
    """Done, and how it ended; a form that won't do comes back on the contact's page."""
    form = follow_up_form.read_done(request.form, at())
    if form.problem:
        return contact.show(contact_id, follow_form=form), 422
    if care.finish(contact_id, form) is not None:
        session["undo"] = [*(one for one in undoable() if one != contact_id), contact_id][-MOST_UNDO:]
    return _after_change()


@group.post("/log/<contact_id>/undo")
def undo(contact_id: str) -> ResponseReturnValue:
    if contact_id not in undoable():
        abort(404)
    care.take_back(contact_id)
    session["undo"] = [one for one in undoable() if one != contact_id]
    return _after_change()


def undoable() -> Sequence[str]:
    """What this visitor has marked as done lately."""
    kept = session.get("undo")
    return kept if isinstance(kept, list) else []


def _after_change() -> ResponseReturnValue:
    """Back to the log as it is now, to htmx as a fragment."""
    filters = log_filters.read(request.form)
    before = Cursor.read(request.form.get("before", ""))
    if not request.headers.get("HX-Request"):
        return redirect(url_for("log.page", **_query(filters, before)), 303)
    view = _view(filters, before)
    return render_template("log_live.html", view=view, seen=live.fingerprint(view), filters=filters, before=before)


def _query(filters: Filters, before: Cursor | None) -> dict[str, Any]:
    return filters.query() | ({"before": str(before)} if before else {})


def _view(filters: Filters, before: Cursor | None) -> LogPage:
    moment = at()
    with the_line().database.reading() as reading:
        rows = [] if filters.problem else queries_log.page(reading, filters, moment.zone, before)
        open_count = queries_log.open_follow_ups(reading)
    return log_view.build(rows, filters, open_count, undoable(), moment)


def _presets(filters: Filters) -> list[tuple[str, str, bool]]:
    """The filters in plain words that most people want: words, address, whether it is the one chosen."""
    moment = at()
    today = wall(moment.now, moment.zone).date()
    monday = today - timedelta(days=today.weekday())
    found: list[tuple[str, dict[str, Any]]] = [
        (_("Everything"), {}),
        (_("Today"), {"from": str(today)}),
        (_("This week"), {"from": str(monday)}),
        (_("Open follow-ups"), {"follow_up": log_filters.OPEN}),
    ]
    return [(name, url_for("log.page", **query), filters.query() == query) for name, query in found]


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What the selects offer: value and words."""
    return {
        "kind": [(kind.value, words.KINDS[kind]) for kind in ContactKind],
        "outcome": [(outcome.value, words.OUTCOMES[outcome]) for outcome in ContactOutcome],
        "follow_up": [
            (log_filters.OPEN, _("open (wanted or urgent)")),
            *[(state.value, words.FOLLOW_UPS[state]) for state in FollowUp],
        ],
    }
