"""Blocks of the roster moved and stretched: asked by the calendar, answered in words, undone by one press."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import queries_roster, roster_told, shift_problems
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import roster_changes, shift_plans
from phoneline.models import Shift, ShiftHours
from phoneline.recurrence import wall
from phoneline.roster_changes import By
from phoneline.shift_checks import Draft
from phoneline.shift_faults import ShiftRefusedError
from phoneline.shift_plans import Which

UNPLANNED = N_("Whoever went on shift by themselves is on until they go off.")
UNDONE = N_("Undone: it is as it was before.")
NOTHING = N_("Nothing has changed.")

group = page_group("roster_moves")
events = structlog.get_logger()


@dataclass(frozen=True)
class _Done:
    told: str
    change_id: str | None = None


@group.post("/roster/hours/<hours_id>")
def move(hours_id: str) -> ResponseReturnValue:
    """These hours from and until other times; of a shift that comes again this date, from it on, or all."""
    starts, ends, which = _asked(request.form)
    try:
        done = the_line().database.run(lambda writing: _move(writing, hours_id, starts, ends, which))
    except ShiftRefusedError as error:
        return jsonify(told=" ".join(shift_problems.sentence(one) for one in error.problems)), 409
    events.info("shift_moved", account_id=known_visitor().account_id, hours_id=hours_id, which=which.value)
    undo = url_for("roster_moves.undo", change_id=done.change_id) if done.change_id else ""
    return jsonify(told=done.told, undo=undo)


def _asked(form: Mapping[str, str]) -> tuple[datetime, datetime, Which]:
    """400 unless these are two wall-clock times and how much is meant."""
    try:
        starts, ends = (datetime.fromisoformat(form.get(name, "")) for name in ("starts", "ends"))
        which = Which(form.get("which", ""))
    except ValueError:
        abort(400)
    if starts.tzinfo or ends.tzinfo or not 2000 <= min(starts, ends).year <= max(starts, ends).year < 2100:  # noqa: PLR2004 - as spreadsheets have them
        abort(400)
    return starts, ends, which


def _move(writing: Session, hours_id: str, starts: datetime, ends: datetime, which: Which) -> _Done:
    line, account_id = the_line(), known_visitor().account_id
    by = By(account_id=account_id)
    row = writing.get(ShiftHours, hours_id)
    if row is None or row.off:
        abort(404)
    shift = writing.get(Shift, row.shift_id) if row.shift_id else None
    if shift is None or row.occurs_local is None:
        return _Done(_(UNPLANNED))
    draft = shift_plans.moved(shift, row.occurs_local, which, starts, ends)
    if which is Which.ONE:
        draft = replace(draft, person_id=row.person_id, tier=row.tier, shadow=row.shadow)
    shift_plans.change(writing, shift, row.occurs_local, which, draft, by, line.live, line.now)
    made = roster_changes.noted(writing)
    if made is None:
        return _Done(_(NOTHING))
    at = Moment(line.now, line.settings.timezone)
    return _Done(_told(writing, draft, which, at), made)


def _told(writing: Session, draft: Draft, which: Which, at: Moment) -> str:
    who = queries_roster.name_of(writing, draft.person_id) or _("Open")
    if which is Which.ONE:
        draft = replace(draft, rrule="")
    return _("%(who)s: now %(when)s.", who=who, when=roster_told.when(draft, wall(at.now, at.zone).year))


@group.post("/roster/moves/<change_id>/undo")
def undo(change_id: str) -> ResponseReturnValue:
    """It is as it was before that change; told why if it can't be."""
    line, account_id = the_line(), known_visitor().account_id
    by = By(account_id=account_id)
    status, told = 200, _(UNDONE)
    try:
        line.database.run(lambda writing: shift_plans.undo(writing, change_id, by, line.live, line.now))
        events.info("shift_undone", account_id=account_id, change_id=change_id)
    except ShiftRefusedError as error:
        status, told = 409, " ".join(shift_problems.sentence(one) for one in error.problems)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(told=told), status
    return redirect(url_for("roster.page"), 303)
