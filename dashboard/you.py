"""Somebody's own login: its language and clock, its password, and where it is logged in."""

from zoneinfo import available_timezones

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import tongue
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.tongue import gettext as _
from phoneline import accounts, login_sessions
from phoneline.models import Account

group = page_group("you")
events = structlog.get_logger()


@group.get("/you")
def page() -> ResponseReturnValue:
    return _page()


@group.post("/you/looks")
def looks() -> ResponseReturnValue:
    """Language and time zone; none chosen: the browser's, and the line's."""
    language, zone = request.form.get("language", ""), request.form.get("timezone", "").strip()
    if language and language not in tongue.LANGUAGES:
        abort(400)
    if zone and zone not in available_timezones():
        problem = _("There is no such time zone. Write it like America/Toronto, or leave it empty.")
        return _page({"wrong": "timezone", "problem": problem, "timezone": zone[:60]}), 422
    with the_line().database.transaction() as writing:
        account = writing.get_one(Account, known_visitor().account_id)
        account.language, account.timezone = language or None, zone or None
    return redirect(url_for("you.page"), 303)


@group.post("/you/password")
def password() -> ResponseReturnValue:
    """A new one, for who knows the old one. Every other browser is logged out."""
    visitor, database = known_visitor(), the_line().database
    with database.reading() as reading:
        account = reading.get_one(Account, visitor.account_id)
    if not accounts.is_password(account, request.form.get("old", "")):
        return _page({"wrong": "old", "problem": _("That isn't your password.")}), 422
    try:
        hashed = accounts.hash_password(request.form.get("new", ""))
    except accounts.AccountError:
        return _page({"wrong": "new", "problem": _("Please take at least 8 characters, such as four words.")}), 422
    with database.transaction() as writing:
        writing.get_one(Account, visitor.account_id, with_for_update=True).password_hash = hashed
        login_sessions.end_all(writing, visitor.account_id, but=visitor.session_id)
    events.info("password_changed", account_id=visitor.account_id)
    return redirect(url_for("you.page", _anchor="password"), 303)


@group.post("/you/sessions/<session_id>/end")
def end(session_id: str) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        if not login_sessions.end(writing, known_visitor().account_id, session_id):
            abort(404)
    return redirect(url_for("you.page", _anchor="sessions"), 303)


@group.post("/you/sessions/others")
def end_others() -> ResponseReturnValue:
    visitor = known_visitor()
    with the_line().database.transaction() as writing:
        login_sessions.end_all(writing, visitor.account_id, but=visitor.session_id)
    return redirect(url_for("you.page", _anchor="sessions"), 303)


def _page(form: dict[str, str] | None = None) -> str:
    line, visitor = the_line(), known_visitor()
    with line.database.reading() as reading:
        account = reading.get_one(Account, visitor.account_id)
        here = login_sessions.of_account(reading, visitor.account_id, line.now)
    told = [
        (
            one.id,
            one.device or _("A browser"),
            _("Since %(since)s, last seen %(seen)s.", since=at().on(one.since), seen=at().on(one.seen_at)),
        )
        for one in here
    ]
    return render_template(
        "you.html",
        account=account,
        sessions=sorted(told, key=lambda one: one[0] != visitor.session_id),
        here=visitor.session_id,
        languages=list(tongue.LANGUAGES.items()),
        form=form or {},
    )
