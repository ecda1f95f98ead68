"""What a person may ask for: all that is kept about them, and to be erased. Who asked and when is written down."""

from functools import partial

import structlog
from flask import Response, abort, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import access, current, own_record, queries_rights, rights_form, rights_view, tongue
from dashboard.current import known_visitor, the_line
from dashboard.everything import files
from dashboard.guard import page_group
from dashboard.rights_form import NOW, RightsForm
from dashboard.streamed_zip import zipped
from dashboard.tongue import gettext as _
from phoneline import audit, erasing, erasing_stop, rights_export
from phoneline.rights_states import HeldUp

group = page_group("rights")
events = structlog.get_logger()
ZIP = "application/zip"


@group.get("/people/<person_id>/rights")
def page(person_id: str) -> ResponseReturnValue:
    own_record.refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        if queries_rights.name_of(writing, person_id) is None:
            abort(404)
        audit.looked(writing, person_id, account_id, line.now)
    return _show(person_id)


@group.post("/people/<person_id>/rights/everything")
def everything(person_id: str) -> ResponseReturnValue:
    """All that is kept about them, in one file that says nobody's name."""
    own_record.refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    form = rights_form.read(asked.form, _name(person_id))
    if form.problems:
        return _show(person_id, export=form), 422
    with line.database.transaction() as writing:
        audit.looked(writing, person_id, account_id, line.now)
        found = rights_export.hand_over(writing, person_id, form.asked, form.reason, account_id, line.now)
    if found is None:
        abort(404)
    events.info("everything_handed_over", account_id=account_id, person_id=person_id)
    spoken = tongue.language()
    tongue.choose(found.language if found.language in tongue.LANGUAGES else line.live.languages[0])
    told = files(found, line)
    tongue.choose(spoken)
    named = f"attachment; filename=everything-{line.now:%Y-%m-%d}.zip"
    return Response(zipped(told), mimetype=ZIP, headers={"Content-Disposition": named})


@group.post("/people/<person_id>/rights/erase")
def erase(person_id: str) -> ResponseReturnValue:
    own_record.refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    form = rights_form.read(asked.form, _name(person_id))
    held_up = None if form.problems else line.database.run(partial(_hindrance, person_id=person_id, form=form))
    if held_up is not None:
        form = RightsForm(form.how, form.reason, form.when, {"when": rights_view.HINDRANCES[held_up]})
    if form.problems:
        return _show(person_id, erasure=form), 422
    line.database.run(
        lambda writing: erasing.begin(
            writing, person_id, form.asked, form.reason, account_id, line.now, at_once=form.when == NOW
        )
    )
    events.info("erasure_begun", account_id=account_id, person_id=person_id)
    # Done now, there is no page of theirs any more.
    shown = url_for("rights.requests") if form.when == NOW else url_for("rights.page", person_id=person_id)
    return redirect(shown, 303)


@group.post("/rights/<request_id>/undo")
def undo(request_id: str) -> ResponseReturnValue:
    line = the_line()
    with line.database.reading() as reading:
        person_id = queries_rights.person_of(reading, request_id)
    own_record.refuse_own(person_id)
    if line.database.run(lambda writing: erasing.undo(writing, request_id, line.now)):
        events.info("erasure_undone", account_id=known_visitor().account_id, request=request_id)
    return redirect(url_for("rights.requests"), 303)


@group.get("/rights")
def requests() -> ResponseReturnValue:
    """What everybody asked for lately."""
    at = current.at()
    with the_line().database.reading() as reading:
        rows = [row for row in queries_rights.newest(reading) if not own_record.is_own(row.person_id)]
    lines = rights_view.lines(rows, at)
    return render_template("rights_requests.html", answer=rights_view.answer_of_all(rows), lines=lines)


def _hindrance(session: Session, person_id: str, form: RightsForm) -> HeldUp | None:
    """What speaks against it: of what passes by itself, only what stands in the way of doing it now."""
    found = erasing_stop.hindrance(session, person_id, the_line().now)
    return None if found is HeldUp.ON_THE_PHONE and form.when != NOW else found


def _name(person_id: str) -> str:
    with the_line().database.reading() as reading:
        return queries_rights.name_of(reading, person_id) or abort(404)


def _show(person_id: str, export: RightsForm | None = None, erasure: RightsForm | None = None) -> str:
    at = current.at()
    name = _name(person_id)
    with the_line().database.reading() as reading:
        rows = queries_rights.of_person(reading, person_id)
    coming = rights_view.standing(rows)
    return render_template(
        "rights.html",
        answer=rights_view.answer(name, coming, at),
        person_id=person_id,
        coming=rights_view.lines([coming], at)[0] if coming else None,
        lines=rights_view.lines([row for row in rows if row is not coming], at),
        export=_said(export or RightsForm()),
        erasure=_said(erasure or RightsForm()),
        may_erase=access.may(known_visitor().role, "rights.erase"),
        hows=list(rights_view.HOWS.items()),
        whens=list(rights_view.WHENS.items()),
    )


def _said(form: RightsForm) -> RightsForm:
    return RightsForm(form.how, form.reason, form.when, {where: _(said) for where, said in form.problems.items()})
