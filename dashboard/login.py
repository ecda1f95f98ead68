"""The way in and out."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import inspect, update

from dashboard import sessions
from dashboard.current import the_line
from dashboard.guard import local_path, page_group
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import accounts
from phoneline.db import changed
from phoneline.models import Account

WRONG = N_("That e-mail and password don't go together. Please try once more.")
TOO_OFTEN = N_("That was a lot of tries. Please wait five minutes, then try once more.")
TOO_LATE = N_("This page had been open for a long while. Please log in once more.")

group = page_group("login")


@group.get("/login")
def form() -> ResponseReturnValue:
    wanted = local_path(request.args.get("next", "/"))
    if sessions.resume(attended=True) is not None:
        return redirect(wanted)
    return render_template("login.html", problem=None, email="", next=wanted)


@group.post("/login")
def enter() -> ResponseReturnValue:
    account = _verified(request.form.get("email", ""), request.form.get("password", ""))
    if account is None:
        return _again(WRONG, 401)
    wanted = local_path(request.form.get("next", "/"))
    sessions.begin(account, wanted=wanted)
    return redirect(wanted, 303)


def _verified(email: str, password: str) -> Account | None:
    """Whose login it is. Hashing takes long, so no lock is held for it; a hash made anew is written afterwards."""
    database = the_line().database
    with database.reading() as session:
        account = accounts.verify(session, email, password)
        before = inspect(account).attrs.password_hash.history.deleted if account is not None else ()
    if account is None or not before:
        return account
    same = update(Account).where(Account.id == account.id, Account.password_hash == before[0])
    with database.transaction() as session:
        written = changed(session, same.values(password_hash=account.password_hash)) == 1
    return account if written else _verified(email, password)


@group.post("/logout")
def leave() -> Response:
    sessions.end()
    return redirect(url_for("login.form"), 303)  # type: ignore[return-value]  # Flask's redirect is one of its responses


@group.errorhandler(429)
def _too_often(_error: Exception) -> ResponseReturnValue:
    return _again(TOO_OFTEN, 429)


@group.errorhandler(CSRFError)
def _too_late(_error: Exception) -> ResponseReturnValue:
    return _again(TOO_LATE, 400)


def _again(problem: str, status: int) -> ResponseReturnValue:
    """The form once more, with all but the password kept."""
    email = request.form.get("email", "")[:200]
    wanted = local_path(request.form.get("next", "/"))
    return render_template("login.html", problem=_(problem), email=email, next=wanted), status
