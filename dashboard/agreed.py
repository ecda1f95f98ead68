"""Whom a peer agreed to be asked when they can't be reached: added, moved up, taken off."""

from dataclasses import replace

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import agreed_form, person
from dashboard.agreed_form import AgreedForm
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import agreed_contacts, identity, people
from phoneline.models import Person
from phoneline.states import Role

group = page_group("agreed")
events = structlog.get_logger()


@group.post("/people/<person_id>/agreed")
def add(person_id: str) -> ResponseReturnValue:
    """A form that won't do comes back with what to mend."""
    refuse_own(person_id)
    line, draft = the_line(), agreed_form.read(request.form)
    draft = replace(draft, number=identity.written_number(draft.number, line.settings.line_number))
    with line.database.transaction() as writing:
        peer = writing.get(Person, person_id) if people.stays(writing, person_id) else None
        if peer is None or not peer.has(Role.PEER):
            abort(404)
        called = peer.first_name
        problems = agreed_contacts.problems(writing, peer, draft, line.live)
        if not problems:
            agreed_contacts.add(writing, peer, draft, line.now)
    if problems:
        wrong, problem = next(iter(problems.items()))
        form = AgreedForm(draft, agreed_form.said(problem, called, line.live.countries), wrong)
        return person.show(person_id, agreed_form=form), 422
    events.info("agreed_contact_added", account_id=known_visitor().account_id, person_id=person_id)
    return _back(person_id)


@group.post("/people/<person_id>/agreed/<contact_id>/sooner")
def sooner(person_id: str, contact_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    with the_line().database.transaction() as writing:
        agreed_contacts.sooner(writing, person_id, contact_id)
    return _back(person_id)


@group.post("/people/<person_id>/agreed/<contact_id>/off")
def take_off(person_id: str, contact_id: str) -> ResponseReturnValue:
    refuse_own(person_id)
    line = the_line()
    with line.database.transaction() as writing:
        taken = agreed_contacts.take_off(writing, person_id, contact_id, line.now)
    if taken:
        events.info("agreed_contact_taken_off", account_id=known_visitor().account_id, person_id=person_id)
    return _back(person_id)


def _back(person_id: str) -> ResponseReturnValue:
    return redirect(url_for("person.page", person_id=person_id, _anchor="agreed"), 303)
