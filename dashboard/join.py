"""A link that sets a login's password once: an invitation, or a password that was gone."""

import structlog
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from dashboard import sessions
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.tongue import gettext as _
from phoneline import accounts, login_changes

group = page_group("join")
events = structlog.get_logger()


@group.get("/welcome/<token>")
def form(token: str) -> ResponseReturnValue:
    return _page(token)


@group.post("/welcome/<token>")
def enter(token: str) -> ResponseReturnValue:
    line, given = the_line(), request.form.get("password", "")
    with line.database.reading() as reading:
        if login_changes.of_link(reading, token, line.now) is None:
            return _page(token)
    if given != request.form.get("again", ""):
        return _page(token, _("The two aren't the same. Please type it twice alike."))
    try:
        hashed = accounts.hash_password(given)
        with line.database.transaction() as writing:
            account = login_changes.use_link(writing, token, hashed, line.now)
    except accounts.AccountError:
        return _page(token, _("Please take at least 8 characters, such as four words."))
    except LookupError:
        return _page(token)
    events.info("login_joined", account_id=account.id)
    sessions.begin(account)
    return redirect("/", 303)


def _page(token: str, problem: str = "") -> ResponseReturnValue:
    """The same words for a link that is unknown, used, withdrawn or too old."""
    line = the_line()
    with line.database.reading() as reading:
        account = login_changes.of_link(reading, token, line.now)
    status = 404 if account is None else 422 if problem else 200
    return render_template("join.html", token=token, account=account, problem=problem), status
