"""One activity: made, changed for a date, from it on or altogether, taken off, and each of that undone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import activity_form, programme_view, queries_programme, rule_words, shift_form, times, typed, words
from dashboard.activity_form import ActivityForm
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import is_own
from phoneline import activity_plans
from phoneline.activity_drafts import ActivityRefusedError
from phoneline.activity_plans import Act
from phoneline.activity_states import ActivityAct
from phoneline.models import Activity, ActivityChange
from phoneline.programme import Happening
from phoneline.recurrence import wall
from phoneline.shift_plans import Which

group = page_group("activity")
events = structlog.get_logger()
Where = tuple[str, str | None, str | None]
"""Whose page says what came of it, on which date, and what was done, if anything was."""


@group.get("/programme/new")
def new() -> ResponseReturnValue:
    """Empty, or filled in like another one."""
    line = the_line()
    tomorrow = wall(line.now, line.settings.timezone) + timedelta(days=1)
    form = ActivityForm(day=f"{tomorrow:%Y-%m-%d}")
    with line.database.reading() as reading:
        like = _date(reading, request.args.get("like", ""), typed.wall_time(request.args.get("on", "")))
        if like is not None:
            form = activity_form.of_draft(queries_programme.as_it_is(like), Which.ALL)
    return _show_new(form)


@group.post("/programme/new")
def make() -> ResponseReturnValue:
    line, form = the_line(), activity_form.read(request.form, the_line().live.languages)
    draft, unread = activity_form.draft(form, _own(), line.settings.timezone, None)
    if draft is None:
        return _show_new(replace(form, problems=unread)), 422
    try:
        where = line.database.run(lambda writing: _where(activity_plans.make(writing, draft, _act())))
    except ActivityRefusedError as refused:
        return _show_new(replace(form, problems=activity_form.at_fields(refused.faults, _own()))), 422
    events.info("activity_made", account_id=known_visitor().account_id, activity_id=where[0])
    return _to(*where)


def _own() -> str:
    return the_line().live.languages[0]


def _act() -> Act:
    line = the_line()
    return Act(known_visitor().account_id, line.settings.timezone, line.now)


def _where(change: ActivityChange) -> Where:
    return change.activity_id or "", None, change.id


def _to(activity_id: str, on: str | None, done: str | None) -> ResponseReturnValue:
    return redirect(url_for("activity.one", activity_id=activity_id, on=on, done=done), 303)


def _show_new(form: ActivityForm) -> str:
    return render_template("activity_new.html", form=form, **_words())


def _words() -> Mapping[str, object]:
    return {
        "kinds": activity_form.KINDS.items(),
        "repeats": shift_form.REPEATS.items(),
        "days": rule_words.DAYS.items(),
        "languages": [(one, words.LANGUAGES[one]) for one in the_line().live.languages],
    }


# One that is there


def _date(session: Session, activity_id: str, on: datetime | None) -> Happening | None:
    line = the_line()
    return queries_programme.date_of(session, activity_id, on, line.settings.timezone, line.now)


@group.get("/programme/<activity_id>")
def one(activity_id: str) -> ResponseReturnValue:
    return show(activity_id, typed.wall_time(request.args.get("on", "")))


@group.post("/programme/<activity_id>")
def change(activity_id: str) -> ResponseReturnValue:
    on = typed.wall_time(request.form.get("on", "")) or abort(400)
    form = activity_form.read(request.form, the_line().live.languages)
    try:
        where = the_line().database.run(lambda writing: _changed(writing, activity_id, on, form))
    except ActivityRefusedError as refused:
        problems = activity_form.at_fields(refused.faults, _own())
        return show(activity_id, on, replace(form, problems=problems)), 422
    except typed.UnreadError as unread:
        return show(activity_id, on, replace(form, problems=unread.problems)), 422
    events.info("activity_changed", account_id=known_visitor().account_id, activity_id=activity_id)
    return _to(*where)


def _changed(
    writing: Session, activity_id: str, on: datetime, form: ActivityForm
) -> tuple[str, str | None, str | None]:
    line, act = the_line(), _act()
    activity = writing.get(Activity, activity_id) or abort(404)
    which = activity_plans.meant(activity, on, Which(form.which), act)
    happening = _date(writing, activity_id, on) or abort(404)
    before = queries_programme.as_it_is(happening)
    draft, unread = activity_form.draft(replace(form, which=which), _own(), line.settings.timezone, before)
    if draft is None:
        raise typed.UnreadError(unread)
    # What is said in a language that the line doesn't speak just now isn't in the form.
    kept = {one: said for one, said in before.words.items() if one not in line.live.languages}
    done = activity_plans.change(writing, activity_id, on, which, replace(draft, words={**kept, **draft.words}), act)
    if done is None:
        return activity_id, programme_view.on(on), None
    stays = done.activity_id == activity_id and draft.starts_local == on
    return done.activity_id or "", programme_view.on(on) if stays else None, done.id


@group.post("/programme/<activity_id>/off")
def off(activity_id: str) -> ResponseReturnValue:
    on, which = typed.wall_time(request.form.get("on", "")), request.form.get("which", "")
    if on is None or which not in set(Which):
        abort(400)
    try:
        done = the_line().database.run(
            lambda writing: activity_plans.take_off(writing, activity_id, on, Which(which), _act()).id
        )
    except ActivityRefusedError as refused:
        return show(activity_id, on, problem=activity_form.FAULTS[refused.faults[0]]), 422
    events.info("activity_ended", account_id=known_visitor().account_id, activity_id=activity_id)
    return _to(activity_id, programme_view.on(on), done)


@group.post("/programme/undo/<change_id>")
def undo(change_id: str) -> ResponseReturnValue:
    """Back to how it was; its page says so."""

    def undone(writing: Session) -> Where:
        done = activity_plans.undo(writing, change_id, _act())
        return done.activity_id or "", activity_plans.on_of(done), done.id

    try:
        where = the_line().database.run(undone)
    except ActivityRefusedError as refused:
        problem = activity_form.FAULTS[refused.faults[0]]
        with the_line().database.reading() as reading:
            found = reading.get(ActivityChange, change_id) or abort(404)
            activity_id = found.activity_id or abort(404)
        return show(activity_id, None, problem=problem), 422
    events.info("activity_undone", account_id=known_visitor().account_id, activity_id=where[0])
    return _to(*where)


def show(
    activity_id: str,
    on: datetime | None,
    form: ActivityForm | None = None,
    *,
    problem: str = "",
    guest_problem: str = "",
    shown: tuple[str, str] = ("", ""),
) -> str:
    """One date and its list. `shown`: the sign-up whose telephone is shown, and the number."""
    line = the_line()
    zone, own, now = line.settings.timezone, _own(), line.now
    with line.database.reading() as reading:
        found = _date(reading, activity_id, on) or abort(404)
        rows = queries_programme.of_date(reading, found)
        guests = [
            programme_view.guest(one, shown[1] if one.id == shown[0] else "", is_own=is_own(one.person_id))
            for one in rows
        ]
        done = reading.get(ActivityChange, request.args.get("done", "")) if not (form or problem) else None
        draft = queries_programme.as_it_is(found)
        signed = len([one for one in guests if not one.withdrawn])
        view = programme_view.line(found, signed, own, zone, now)
    begun, repeats = found.starts_at <= now, bool(draft.rrule)
    day = times.dated(found.starts_at, now, zone)
    which = Which.ALL if begun or not repeats else Which.ONE
    return render_template(
        "activity.html",
        activity_id=activity_id,
        on=view.on,
        view=view,
        headline=programme_view.headline(found, own, zone, now),
        rule=rule_words.when(found.occurs_local, draft.rrule, now.astimezone(zone).year) if repeats else "",
        guests=guests,
        signed=signed,
        begun=begun,
        off=found.off,
        instead=found.instead_id,
        form=form or activity_form.of_draft(draft, which),
        choices=activity_form.choices(day, begun=begun) if repeats else [],
        ends=[] if found.off else activity_form.ends(day, repeats=repeats, begun=begun),
        changeable=not found.off and (repeats or not begun),
        told=programme_view.DONE[done.act] if done is not None else "",
        undoes=done.id if done is not None and done.act is not ActivityAct.UNDONE and done.undone_at is None else "",
        problem=problem,
        guest_problem=guest_problem,
        **_words(),
    )
