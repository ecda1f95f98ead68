"""Shifts: made, changed for one date, from a date on or for all, taken off, and each of that undone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import queries_shift, rule_words, shift_form, shift_meant, shift_problems, shift_view, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.shift_form import ShiftForm
from dashboard.shift_meant import Changed
from dashboard.times import Moment
from phoneline import roster_changes, shift_checks, shift_plans, shift_rules
from phoneline.models import RosterChange, Shift
from phoneline.recurrence import wall
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft
from phoneline.shift_faults import ShiftRefusedError
from phoneline.shift_plans import Which

group = page_group("shift")
events = structlog.get_logger()


@group.get("/roster/new")
def new() -> ResponseReturnValue:
    """What the address says is filled in."""
    line = the_line()
    form = shift_form.read(request.args)
    if not form.day:
        tomorrow = wall(line.now, line.settings.timezone) + timedelta(days=1)
        form = replace(form, day=f"{tomorrow:%Y-%m-%d}")
    return _show_new(form)


@group.post("/roster/new")
def make() -> ResponseReturnValue:
    line, form = the_line(), shift_form.read(request.form)
    draft, unread = shift_meant.draft(form, line.settings.timezone)
    if draft is None:
        return _show_new(replace(form, problems=unread)), 422
    try:
        shift, done = line.database.run(lambda writing: _made(writing, draft))
    except ShiftRefusedError as refused:
        return _show_new(replace(form, problems=shift_meant.at_fields(refused.problems, form))), 422
    events.info("shift_made", account_id=known_visitor().account_id, shift_id=shift)
    return _to(shift, draft.starts_local, done)


def _made(writing: Session, draft: Draft) -> tuple[str, str | None]:
    line = the_line()
    shift = shift_plans.make(writing, draft, _by(), line.live, line.now)
    return shift.id, roster_changes.noted(writing)


def _by() -> By:
    return By(account_id=known_visitor().account_id)


def _show_new(form: ShiftForm) -> str:
    with the_line().database.reading() as reading:
        team = queries_shift.team(reading)
    return render_template("shift_new.html", form=form, team=team, **_words())


def _words() -> Mapping[str, object]:
    return {
        "kinds": shift_form.KINDS.items(),
        "tiers": shift_form.TIERS.items(),
        "repeats": shift_form.REPEATS.items(),
        "days": rule_words.DAYS.items(),
    }


# One that is there


@group.get("/roster/shift/<shift_id>")
def one(shift_id: str) -> ResponseReturnValue:
    return _show(shift_id, typed.wall_time(request.args.get("on", "")), None)


@group.post("/roster/shift/<shift_id>")
def change(shift_id: str) -> ResponseReturnValue:
    on, form = typed.wall_time(request.form.get("on", "")) or abort(400), shift_form.read(request.form)
    try:
        where = the_line().database.run(lambda writing: _changed(writing, shift_id, on, form))
    except ShiftRefusedError as refused:
        return _show(shift_id, on, replace(form, problems=shift_meant.at_fields(refused.problems, form))), 422
    except typed.UnreadError as unread:
        return _show(shift_id, on, replace(form, problems=unread.problems)), 422
    events.info("shift_changed", account_id=known_visitor().account_id, shift_id=shift_id)
    return _to(*where)


def _changed(writing: Session, shift_id: str, on: datetime, form: ShiftForm) -> tuple[str, datetime, str | None]:
    """Where it stands now, and what was done."""
    line = the_line()
    shift = writing.get(Shift, shift_id) or abort(404)
    which = shift_plans.meant(shift, on, Which(form.which), line.live, line.now)
    draft, unread = shift_meant.draft(form, line.settings.timezone, Changed(shift_checks.draft_of(shift), on, which))
    if draft is None:
        raise typed.UnreadError(unread)
    after = shift_plans.change(writing, shift, on, which, draft, _by(), line.live, line.now)
    if after.id != shift_id:
        day = shift_rules.midnight(max(draft.starts_local, on).date())
        on = shift_rules.next_date(after.rrule, after.starts_local, line.settings.timezone, day) or after.starts_local
    return after.id, on, roster_changes.noted(writing)


@group.post("/roster/shift/<shift_id>/off")
def off(shift_id: str) -> ResponseReturnValue:
    on, which = typed.wall_time(request.form.get("on", "")), request.form.get("which", "")
    if on is None or which not in set(Which):
        abort(400)
    try:
        done = the_line().database.run(lambda writing: _cancelled(writing, shift_id, on, Which(which)))
    except ShiftRefusedError as refused:
        problem = shift_problems.sentence(refused.problems[0])
        return _show(shift_id, on, None, problem), 422
    events.info("shift_ended", account_id=known_visitor().account_id, shift_id=shift_id)
    return _to(shift_id, on, done)


def _cancelled(writing: Session, shift_id: str, on: datetime, which: Which) -> str | None:
    line = the_line()
    shift = writing.get(Shift, shift_id) or abort(404)
    shift_plans.cancel(writing, shift, on, which, _by(), line.live, line.now)
    return roster_changes.noted(writing)


@group.post("/roster/shift/undo/<change_id>")
def undo(change_id: str) -> ResponseReturnValue:
    """Back to how it was; the page of the shift that it was about says so."""
    line = the_line()

    def undone(writing: Session) -> tuple[str, str | None]:
        done = shift_plans.undo(writing, change_id, _by(), line.live, line.now)
        first = (done.before or {})["shifts"][0]["id"]
        return first, roster_changes.noted(writing)

    on = typed.wall_time(request.form.get("on", ""))
    try:
        shift_id, done = line.database.run(undone)
    except ShiftRefusedError as refused:
        return _not_undone(change_id, on, shift_problems.sentence(refused.problems[0])), 422
    events.info("shift_undone", account_id=known_visitor().account_id, shift_id=shift_id)
    return _to(shift_id, on, done)


def _not_undone(change_id: str, on: datetime | None, problem: str) -> str:
    with the_line().database.reading() as reading:
        change = reading.get(RosterChange, change_id)
        if change is None or change.shift_id is None:
            abort(404)
        shift_id = change.shift_id
    return _show(shift_id, on, None, problem)


def _to(shift_id: str, on: datetime | None, done: str | None) -> ResponseReturnValue:
    shown = f"{on:%Y-%m-%dT%H:%M:%S}" if on else None
    return redirect(url_for("shift.one", shift_id=shift_id, on=shown, done=done), 303)


def _show(shift_id: str, on: datetime | None, form: ShiftForm | None, problem: str = "") -> str:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        shift = reading.get(Shift, shift_id) or abort(404)
        found = queries_shift.date_of(
            reading, shift, on or queries_shift.next_date(shift, line.live, at.now), line.live
        )
        team = queries_shift.team(reading)
        done = reading.get(RosterChange, request.args.get("done", "")) if not (form or problem) else None
        told = shift_view.DONE.get(done.act, "") if done is not None else ""
        undoes = done.id if done is not None and done.act is not RosterAct.UNDONE and done.undone_at is None else ""
    view = shift_view.build(found, shift.rrule, team, at)
    return render_template(
        "shift.html",
        shift_id=shift_id,
        on=f"{found.on:%Y-%m-%dT%H:%M:%S}",
        view=view,
        form=form or shift_form.of_draft(found.draft, Which.ONE if view.choices else Which.ALL),
        team=team,
        told=told,
        undoes=undoes,
        problem=problem,
        another=shift_form.another(found.draft),
        **_words(),
    )
