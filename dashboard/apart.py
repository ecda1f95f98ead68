"""Keeping a caller and somebody of the team apart, or two of the team, on the page about limits."""

from dataclasses import replace

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import apart_form, limits
from dashboard.current import known_visitor, the_line
from dashboard.decisions import note, switch
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import gettext as _
from phoneline import keeping_apart
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
                note(writing, SettingKind.APART, decision_id, is_on=True)
        except LookupError:
            abort(404)
    if not kept:
        return limits.filled_in(apart=replace(form, problem=_(apart_form.ALREADY), wrong="volunteer")), 422
    events.info("kept_apart", account_id=account_id, person_id=form.caller_id, volunteer_id=form.volunteer_id)
    return _back()


@group.post("/limits/apart/<decision_id>/lift")
def lift(decision_id: str) -> ResponseReturnValue:
    switch(SettingKind.APART, decision_id, keeping_apart.lift, "apart_lifted", is_on=False)
    return _back()


@group.post("/limits/apart/<decision_id>/back")
def put_back(decision_id: str) -> ResponseReturnValue:
    switch(
        SettingKind.APART,
        decision_id,
        lambda session, one, _now: keeping_apart.put_back(session, one),
        "apart_put_back",
        is_on=True,
    )
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("limits.page", _anchor="apart"), 303)
