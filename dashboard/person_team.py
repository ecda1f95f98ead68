"""Somebody of the team, on their own page: how far their training is, and which login is theirs."""

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import logins, own_limits, person_changes
from phoneline.own_limits import Readiness
from phoneline.person_states import PersonAct

group = page_group("person_team")
events = structlog.get_logger()


@group.post("/people/<person_id>/readiness")
def train(person_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    chosen = request.form.get("readiness", "")
    if chosen not in set(Readiness):
        abort(400)
    with the_line().database.transaction() as writing:
        try:
            own_limits.train(writing, person_id, Readiness(chosen))
            about = known_visitor().account_id
            person_changes.note(writing, person_id, PersonAct.READINESS, about, the_line().now)
        except LookupError:
            abort(404)
    events.info("readiness_changed", account_id=known_visitor().account_id, person_id=person_id, readiness=chosen)
    return _back(person_id)


@group.post("/people/<person_id>/login")
def login(person_id: str) -> ResponseReturnValue:
    """The login that was chosen is theirs; with none chosen, none is."""
    refuse_own(person_id)
    account_id = typed.key(request.form, "account") or None
    with the_line().database.transaction() as writing:
        try:
            logins.tie(writing, account_id, person_id)
        except LookupError:
            abort(404)
    events.info("login_tied", account_id=known_visitor().account_id, person_id=person_id, login_id=account_id)
    return _back(person_id)


def _back(person_id: str) -> ResponseReturnValue:
    return redirect(url_for("person.page", person_id=person_id, _anchor="team"), 303)
