"""Keeping a caller and somebody of the team apart, or two of the team, on the page about limits."""

from dataclasses import replace

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import apart_form, limits, own_rows
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import gettext as _
from phoneline import decision_changes, keeping_apart
from phoneline.change_log import By
from phoneline.setting_states import SettingKind

group = page_group("apart")
events = structlog.get_logger()


@group.post("/limits/apart")
def keep() -> ResponseReturnValue:
    """A form that won't do comes back with what to mend."""
    line, account_id = the_line(), known_visitor().account_id
    form = apart_form.read(request.form)
    for either in (form.caller_id, form.volunteer_id):
        refuse_own(either)
    if form.problem:
        return limits.filled_in(apart=form), 422
    with line.database.transaction() as writing:
        try:
            kept = keeping_apart.keep(writing, form.pair, form.reason, account_id, line.now)
            decision_id = keeping_apart.standing(writing, form.pair) if kept else None
            if decision_id is not None:
                _note(writing, decision_id, is_on=True)
        except LookupError:
            abort(404)
    if not kept:
        return limits.filled_in(apart=replace(form, problem=_(apart_form.ALREADY), wrong="volunteer")), 422
    events.info("kept_apart", account_id=account_id, person_id=form.caller_id, volunteer_id=form.volunteer_id)
    return _back()


@group.post("/limits/apart/<decision_id>/lift")
def lift(decision_id: str) -> ResponseReturnValue:
    line = the_line()
    with line.database.transaction() as writing:
        own_rows.refuse_apart(writing, decision_id)
        lifted = keeping_apart.lift(writing, decision_id, line.now)
        if lifted:
            _note(writing, decision_id, is_on=False)
    if lifted:
        events.info("apart_lifted", account_id=known_visitor().account_id, decision_id=decision_id)
    return _back()


@group.post("/limits/apart/<decision_id>/back")
def put_back(decision_id: str) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        own_rows.refuse_apart(writing, decision_id)
        back = keeping_apart.put_back(writing, decision_id)
        if back:
            _note(writing, decision_id, is_on=True)
    if back:
        events.info("apart_put_back", account_id=known_visitor().account_id, decision_id=decision_id)
    return _back()


def _note(writing: Session, decision_id: str, *, is_on: bool) -> None:
    by = By(known_visitor().account_id)
    decision_changes.note(writing, SettingKind.APART, decision_id, is_on, by, the_line().now)


def _back() -> ResponseReturnValue:
    return redirect(url_for("limits.page", _anchor="apart"), 303)
