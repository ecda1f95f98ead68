"""Two records of one person: found, looked at beside each other, made one, and parted again."""

from collections.abc import Mapping, Sequence

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import current, finding, merge_view, people_view, person, queries_person, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import audit, merge_rows, merging
from phoneline.merging import Refusal
from phoneline.models import Person, PersonMerge

group = page_group("person_merge")
events = structlog.get_logger()


@group.get("/people/<person_id>/merge")
def page(person_id: str) -> ResponseReturnValue:
    return _show(person_id)


@group.post("/people/<person_id>/merge/find")
def find(person_id: str) -> ResponseReturnValue:
    return _show(person_id, text=finding.wanted())


@group.post("/people/<person_id>/merge/look")
def look(person_id: str) -> ResponseReturnValue:
    """What would be moved, and what speaks against it."""
    return _show(person_id, other_id=_other())


@group.post("/people/<person_id>/merge")
def merge(person_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    line, account_id, other_id = the_line(), known_visitor().account_id, _other()
    refuse_own(other_id)
    made = line.database.run(
        lambda writing: merging.merge(writing, person_id, other_id, account_id, line.live, line.now)
    )
    if not isinstance(made, PersonMerge):
        return _show(person_id, other_id=other_id, refusals=made), 422
    events.info("people_merged", account_id=account_id, person_id=person_id, merge_id=made.id)
    return redirect(url_for("person.page", person_id=person_id), 303)


@group.post("/people/<person_id>/merge/<merge_id>/part")
def part(person_id: str, merge_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    refusal = line.database.run(lambda writing: merging.part(writing, person_id, merge_id, account_id, line.now))
    if refusal is Refusal.NOBODY:
        abort(404)
    if refusal is not None:
        return person.show(person_id, undo_problem=merge_view.said(refusal)), 422
    events.info("people_parted", account_id=account_id, person_id=person_id, merge_id=merge_id)
    return redirect(url_for("person.page", person_id=person_id), 303)


def _other() -> str:
    return typed.key(request.form, "other")


def _show(person_id: str, *, text: str = "", other_id: str = "", refusals: Sequence[Refusal] = ()) -> str:
    refuse_own(person_id)
    refuse_own(other_id or None)
    line, at = the_line(), current.at()
    counts: Mapping[str, int] = {}
    other = None
    if other_id:
        with line.database.transaction() as writing:
            if not queries_person.exists(writing, other_id):
                abort(404)
            audit.looked(writing, other_id, known_visitor().account_id, at.now)
    with line.database.reading() as reading:
        if not queries_person.exists(reading, person_id):
            abort(404)
        name = reading.get_one(Person, person_id).name
        rows = finding.found(reading, text, person_id, at) if text else ()
        if other_id:
            other = reading.get_one(Person, other_id).name
            counts = merge_rows.counts(reading, other_id)
            refusals = refusals or merging.refusals(reading, person_id, other_id, line.live, at.now)
    return render_template(
        "person_merge.html",
        person_id=person_id,
        name=name,
        text=text,
        found=[people_view.line(row, at) for row in rows],
        other_id=other_id,
        other=other,
        moves=merge_view.moves(counts),
        refusals=[merge_view.said(one) for one in refusals],
    )
