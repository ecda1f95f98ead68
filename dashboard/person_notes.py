"""The team's notes about somebody: written on their page, mended, taken off and put back by whoever wrote them."""

from collections.abc import Callable

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import person, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import gettext as _
from phoneline import person_notes
from phoneline.person_notes import LONGEST

group = page_group("person_notes")
events = structlog.get_logger()


@group.post("/people/<person_id>/notes")
def write(person_id: str) -> ResponseReturnValue:
    return _keep(person_id, None)


@group.post("/people/<person_id>/notes/<note_id>")
def mend(person_id: str, note_id: str) -> ResponseReturnValue:
    return _keep(person_id, note_id)


@group.post("/people/<person_id>/notes/<note_id>/off")
def take_off(person_id: str, note_id: str) -> ResponseReturnValue:
    """At once; the page then offers to put it back."""
    refuse_own(person_id)
    now, account_id = the_line().now, known_visitor().account_id
    _do(person_id, lambda writing: person_notes.take_off(writing, person_id, note_id, account_id, now))
    return person.show(person_id, note_taken_off=note_id)


@group.post("/people/<person_id>/notes/<note_id>/back")
def put_back(person_id: str, note_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    account_id = known_visitor().account_id
    _do(person_id, lambda writing: person_notes.put_back(writing, person_id, note_id, account_id))
    return _back(person_id)


def _keep(person_id: str, note_id: str | None) -> ResponseReturnValue:
    """A note that won't do comes back with what to mend."""
    refuse_own(person_id)
    words = typed.lines(request.form, "words")
    problem = _("Please write something.") if not words else ""
    if len(words) > LONGEST:
        problem = _("Please keep a note below %(longest)s characters.", longest=LONGEST)
    if problem:
        form = {"note_id": note_id, "words": words, "wrong": "words", "problem": problem}
        return person.show(person_id, note_form=form), 422
    now, account_id = the_line().now, known_visitor().account_id

    def work(writing: Session) -> None:
        if note_id is None:
            person_notes.write(writing, person_id, words, account_id, now)
        else:
            person_notes.mend(writing, person_id, note_id, words, account_id, now)

    _do(person_id, work)
    return _back(person_id)


def _do(person_id: str, work: Callable[[Session], object]) -> None:
    with the_line().database.transaction() as writing:
        try:
            work(writing)
        except LookupError:
            abort(404)
    events.info("person_note", account_id=known_visitor().account_id, person_id=person_id)


def _back(person_id: str) -> ResponseReturnValue:
    return redirect(url_for("person.page", person_id=person_id, _anchor="timeline"), 303)
