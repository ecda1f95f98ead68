"""Somebody new is written down, and who somebody is changed; the last change is taken back with one press."""

from zoneinfo import available_timezones

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import people_view, person, person_form, queries_person_edit, words
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.person_form import PersonForm
from phoneline import person_changes, person_details, person_numbers, recognising
from phoneline.models import Person, PersonChange
from phoneline.person_states import PersonAct
from phoneline.states import Role

group = page_group("person_edit")
events = structlog.get_logger()


@group.get("/people/new")
def new() -> ResponseReturnValue:
    return _show(PersonForm(), None)


@group.post("/people/new")
def add() -> ResponseReturnValue:
    """A form that won't do comes back with what to mend."""
    line, form, account_id = the_line(), person_form.read(request.form), known_visitor().account_id
    with line.database.transaction() as writing:
        problems = person_details.problems(writing, None, form.details, line.settings.timezone, line.now)
        made = (
            person_details.add(writing, form.details, form.number, account_id, line.live, line.now)
            if not problems
            else None
        )
    if isinstance(made, Person):
        events.info("person_added", account_id=account_id, person_id=made.id)
        return redirect(url_for("person.page", person_id=made.id), 303)
    form = person_form.number_refused(form, made, line.live.countries) if made else person_form.refused(form, problems)
    return _show(form, None), 422


@group.get("/people/<person_id>/edit", endpoint="form")
def edit(person_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    with the_line().database.reading() as reading:
        found = reading.get(Person, person_id)
        if found is None or found.erased_at is not None:
            abort(404)
        form = person_form.of_details(person_details.of(found))
    return _show(form, person_id)


@group.post("/people/<person_id>/edit")
def keep(person_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    line, form, account_id = the_line(), person_form.read(request.form), known_visitor().account_id
    with line.database.transaction() as writing:
        found = person_changes.held(writing, person_id) or abort(404)
        problems = person_details.problems(writing, found, form.details, line.settings.timezone, line.now)
        if not problems:
            person_details.change(writing, found, form.details, account_id, line.settings.timezone, line.now)
    if problems:
        return _show(person_form.refused(form, problems), person_id), 422
    events.info("person_changed", account_id=account_id, person_id=person_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="facts"), 303)


@group.post("/people/<person_id>/changes/<change_id>/undo")
def undo(person_id: str, change_id: str) -> ResponseReturnValue:
    """The last change alone: what came after it would be lost otherwise."""
    refuse_own(person_id)
    line = the_line()
    with line.database.transaction() as writing:
        found = person_changes.held(writing, person_id) or abort(404)
        last = person_changes.last(writing, person_id)
        against = ""
        if last is not None and last.id == change_id:
            against = _take_back(writing, found, last)
    if against:
        return person.show(person_id, undo_problem=against), 422
    events.info("person_change_undone", account_id=known_visitor().account_id, person_id=person_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="facts"), 303)


def _take_back(writing: Session, found: Person, last: PersonChange) -> str:
    """What speaks against it, in words; empty once it is done."""
    line = the_line()
    if last.act is not PersonAct.EDITED:
        undo_it = person_numbers.take_back if last.act is PersonAct.NUMBERS else recognising.take_back
        problem = undo_it(writing, found, last, line.now)
        return person_form.number_said(problem, line.live.countries) if problem else ""
    problems = person_details.take_back(writing, found, last, line.settings.timezone, line.now)
    return next((person_form.said(each) for each in problems.values()), "")


def _show(form: PersonForm, person_id: str | None) -> str:
    line = the_line()
    with line.database.reading() as reading:
        skills = queries_person_edit.skills(reading)
    return render_template(
        "person_edit.html",
        form=form,
        person_id=person_id,
        roles=[(role.value, people_view.ROLE_CHOICES[role]) for role in Role],
        languages=list(words.LANGUAGES.items()),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        line_zone=line.settings.timezone.key,
        skills=skills,
    )
