"""A person's telephone numbers on their page: shown when asked for, added, taken off, put in order."""

from collections.abc import Callable

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import numbers, person, person_form, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import person_changes, person_numbers
from phoneline.models import Person
from phoneline.states import Role

LONGEST = 40

group = page_group("person_numbers")
events = structlog.get_logger()


@group.post("/people/<person_id>/numbers/show")
def show(person_id: str) -> ResponseReturnValue:
    """Each showing is written down."""
    refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        found = person_changes.held(writing, person_id) or abort(404)
        shown = person_numbers.show(writing, found, account_id, line.now)
    events.info("numbers_shown", account_id=account_id, person_id=person_id)
    return person.show(person_id, shown=[(one, numbers.grouped(one)) for one in shown])


@group.post("/people/<person_id>/numbers")
def add(person_id: str) -> ResponseReturnValue:
    """A number that won't do comes back with what to mend."""
    refuse_own(person_id)
    line, account_id = the_line(), known_visitor().account_id
    text = typed.line(request.form, "number", LONGEST)
    with line.database.transaction() as writing:
        found = person_changes.held(writing, person_id) or abort(404)
        problem = person_numbers.problem(writing, found, text, line.live, sole=found.has(Role.VOLUNTEER))
        if problem is None:
            person_numbers.add(writing, found, text, account_id, line.live, line.now)
    if problem is not None:
        form = {"number": text, "wrong": "number", "problem": person_form.number_said(problem, line.live.countries)}
        return person.show(person_id, number_form=form), 422
    return _changed(person_id)


@group.post("/people/<person_id>/numbers/<number_id>/off")
def take_off(person_id: str, number_id: str) -> ResponseReturnValue:
    now, account_id = the_line().now, known_visitor().account_id
    return _do(person_id, lambda writing, one: person_numbers.take_off(writing, one, number_id, account_id, now))


@group.post("/people/<person_id>/numbers/<number_id>/sooner")
def sooner(person_id: str, number_id: str) -> ResponseReturnValue:
    now, account_id = the_line().now, known_visitor().account_id
    return _do(person_id, lambda writing, one: person_numbers.sooner(writing, one, number_id, account_id, now))


def _do(person_id: str, act: Callable[[Session, Person], bool]) -> ResponseReturnValue:
    refuse_own(person_id)
    with the_line().database.transaction() as writing:
        act(writing, person_changes.held(writing, person_id) or abort(404))
    return _changed(person_id)


def _changed(person_id: str) -> ResponseReturnValue:
    events.info("numbers_changed", account_id=known_visitor().account_id, person_id=person_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="numbers"), 303)
