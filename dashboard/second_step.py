"""The second step of one's own login: set up with an authenticator app, its recovery codes, and the way in by it."""

from collections.abc import Sequence

import segno
import structlog
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dashboard import access, sessions
from dashboard.current import known_visitor, the_line
from dashboard.guard import local_path, page_group
from dashboard.tongue import gettext as _
from phoneline import accounts, login_sessions
from phoneline import second_step as steps
from phoneline.models import Account

group = page_group("second_step")
events = structlog.get_logger()


@group.get("/login/code")
def ask() -> ResponseReturnValue:
    return _ask() if known_visitor().has_to == access.CODE else redirect("/")


@group.post("/login/code")
def check() -> ResponseReturnValue:
    """A right code makes a session of its own; the one that waited is gone."""
    visitor, line = known_visitor(), the_line()
    with line.database.transaction() as writing:
        account = writing.get_one(Account, visitor.account_id)
        if not steps.passes(writing, visitor.account_id, request.form.get("code", ""), line.now):
            return _ask(_("That code isn't right, or it was used already. Please try once more.")), 401
        login_sessions.end(writing, visitor.account_id, visitor.session_id)
    wanted = local_path(str(session.get("next", "/")))
    sessions.begin(account, code_given=True)
    return redirect(wanted, 303)


@group.get("/you/second-step")
def page() -> ResponseReturnValue:
    return _page()


@group.post("/you/second-step")
def begin() -> ResponseReturnValue:
    """A secret is offered to an app. Who has one already shows that it is really them."""
    visitor, database = known_visitor(), the_line().database
    with database.reading() as reading:
        account = reading.get_one(Account, visitor.account_id)
    if account.totp_secret is not None and not accounts.is_password(account, request.form.get("old", "")):
        return _page({"wrong": "old", "problem": _("That isn't your password.")}), 422
    with database.transaction() as writing:
        steps.offer(writing, visitor.account_id)
    return redirect(url_for("second_step.page"), 303)


@group.post("/you/second-step/code")
def keep() -> ResponseReturnValue:
    """The app has shown a right code. The recovery codes are in this answer and never again."""
    visitor, line = known_visitor(), the_line()
    with line.database.transaction() as writing:
        try:
            codes = steps.accept(writing, visitor.account_id, request.form.get("code", ""), line.now)
        except LookupError:
            writing.rollback()
            return _page(
                {"wrong": "code", "problem": _("That code isn't right. Please take the one it shows now.")}
            ), 422
        login_sessions.end_all(writing, visitor.account_id, but=visitor.session_id)
    events.info("second_step_set_up", account_id=visitor.account_id)
    return _page(codes=codes), 201


@group.post("/you/second-step/recovery")
def recovery() -> ResponseReturnValue:
    """Fresh recovery codes, for who knows the password."""
    visitor, line = known_visitor(), the_line()
    with line.database.reading() as reading:
        account = reading.get_one(Account, visitor.account_id)
    if account.totp_secret is None or not accounts.is_password(account, request.form.get("old", "")):
        return _page({"wrong": "old", "problem": _("That isn't your password.")}), 422
    with line.database.transaction() as writing:
        codes = steps.new_codes(writing, visitor.account_id)
    events.info("recovery_codes_made", account_id=visitor.account_id)
    return _page(codes=codes), 201


def _ask(problem: str = "") -> str:
    return render_template("login_code.html", problem=problem)


def _page(form: dict[str, str] | None = None, codes: Sequence[str] = ()) -> str:
    visitor, line = known_visitor(), the_line()
    with line.database.reading() as reading:
        account = reading.get_one(Account, visitor.account_id)
        left = steps.left(reading, visitor.account_id)
    square = ""
    if account.totp_offered is not None:
        made = segno.make(steps.address(account), error="m")
        square = Markup(made.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="square"))  # noqa: S704 - of our own address
    return render_template(
        "second_step.html",
        is_set_up=account.totp_secret is not None,
        secret=account.totp_offered,
        square=square,
        left=left,
        codes=codes,
        form=form or {},
        required=visitor.role in access.STAFF,
        is_demo=line.settings.carrier_is_simulated,
        on_the_way=visitor.has_to is not None and not codes,
    )
