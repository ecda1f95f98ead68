"""Who has a login: invited by a link, given another role, ended and brought back. For admins."""

from collections.abc import Callable

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import accounts_view, queries_accounts
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.tongue import gettext as _
from phoneline import login_changes
from phoneline.accounts import AccountError
from phoneline.models import Account
from phoneline.states import AccountRole

LONGEST_REASON = 300

group = page_group("accounts")
events = structlog.get_logger()


@group.get("/accounts")
def page() -> ResponseReturnValue:
    return _list({"email": "", "role": AccountRole.VOLUNTEER.value, "person": ""})


@group.post("/accounts")
def invite() -> ResponseReturnValue:
    """A login and the link for it, which is shown in this answer and never again."""
    form = {name: request.form.get(name, "").replace("\0", "")[:254] for name in ("email", "role", "person")}
    if form["role"] not in set(AccountRole):
        return _list(form | _wrong("role", _("Please choose what they may do."))), 422
    line, by = the_line(), known_visitor().account_id
    try:
        account, token = line.database.run(
            lambda writing: login_changes.invite(
                writing, form["email"], AccountRole(form["role"]), form["person"] or None, by, line.now
            )
        )
    except AccountError:
        problem = _("This is no e-mail address, or it has a login already. Write it like name@example.org.")
        return _list(form | _wrong("email", problem)), 422
    except LookupError:
        return _list(form | _wrong("person", _("They have a login already, or aren't on the team."))), 422
    events.info("login_invited", account_id=by, login_id=account.id, role=form["role"])
    return _one(account.id, link=_address(token)), 201


@group.get("/accounts/<account_id>")
def one(account_id: str) -> ResponseReturnValue:
    return _one(account_id)


@group.post("/accounts/<account_id>/link")
def link(account_id: str) -> ResponseReturnValue:
    """A new link: for an invitation, or for a password that is gone."""
    line, by = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        try:
            token = login_changes.new_link(writing, account_id, by, line.now)
        except LookupError:
            abort(404)
    events.info("login_link_made", account_id=by, login_id=account_id)
    return _one(account_id, link=_address(token)), 201


@group.post("/accounts/<account_id>/withdraw")
def withdraw(account_id: str) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        try:
            login_changes.withdraw(writing, account_id)
        except LookupError:
            abort(404)
    events.info("login_withdrawn", account_id=known_visitor().account_id, login_id=account_id)
    return redirect(url_for("accounts.page"), 303)


@group.post("/accounts/<account_id>/role")
def role(account_id: str) -> ResponseReturnValue:
    chosen = request.form.get("role", "")
    if chosen not in set(AccountRole):
        abort(400)
    line, by = the_line(), known_visitor().account_id
    return _change(
        account_id,
        "role",
        lambda writing: login_changes.change_role(writing, account_id, AccountRole(chosen), by, line.now),
    )


@group.post("/accounts/<account_id>/end")
def end(account_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]
    if not reason:
        return _one(account_id, form=_wrong("reason", _("Please say why, for whoever asks later."))), 422
    line, by = the_line(), known_visitor().account_id
    return _change(
        account_id, "end", lambda writing: login_changes.end(writing, account_id, reason, by, line.now), reason
    )


@group.post("/accounts/<account_id>/factors")
def factors(account_id: str) -> ResponseReturnValue:
    """The second step is taken off: the telephone is gone, and the recovery codes too."""
    reason = request.form.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]
    if not reason:
        return _one(account_id, form=_wrong("factors", _("Please say why, for whoever asks later."))), 422
    line, by = the_line(), known_visitor().account_id
    return _change(
        account_id,
        "factors",
        lambda writing: login_changes.take_second_step_off(writing, account_id, reason, by, line.now),
    )


@group.post("/accounts/<account_id>/back")
def back(account_id: str) -> ResponseReturnValue:
    line, by = the_line(), known_visitor().account_id
    return _change(account_id, "back", lambda writing: login_changes.bring_back(writing, account_id, by, line.now))


def _change(account_id: str, what: str, work: Callable[[Session], None], reason: str = "") -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        try:
            work(writing)
        except LookupError:
            abort(404)
        except login_changes.LastAdminError:
            writing.rollback()
            problem = _("This is the only admin. Make somebody else an admin first.")
            return _one(account_id, form=_wrong(what, problem) | {"reason": reason}), 409
    events.info("login_changed", account_id=known_visitor().account_id, login_id=account_id, what=what)
    return redirect(url_for("accounts.one", account_id=account_id), 303)


def _wrong(field: str, problem: str) -> dict[str, str]:
    return {"wrong": field, "problem": problem}


def _address(token: str) -> str:
    return f"{the_line().settings.public_url.rstrip('/')}{url_for('join.form', token=token)}"


def _list(form: dict[str, str]) -> str:
    with the_line().database.reading() as reading:
        view = accounts_view.build(queries_accounts.every(reading, the_line().now), at())
        people = queries_accounts.without_login(reading)
    return render_template("accounts.html", view=view, people=people, form=form, roles=list(accounts_view.MAY.items()))


def _one(account_id: str, *, link: str = "", form: dict[str, str] | None = None) -> str:
    line = the_line()
    with line.database.reading() as reading:
        account = reading.get(Account, account_id)
        if account is None:
            abort(404)
        view = accounts_view.one(queries_accounts.of(reading, account, line.now), at())
    return render_template("account.html", view=view, link=link, form=form or {}, roles=list(accounts_view.MAY.items()))
