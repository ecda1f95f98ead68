"""Who it was: an unknown caller is somebody we know, or a caller wasn't whom the line took them for."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import current, finding, people_view, person_form, queries_person, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import N_, Phrases
from phoneline import person_changes, recognising
from phoneline.models import Contact, Person
from phoneline.recognising import Refusal

group = page_group("recognise")
events = structlog.get_logger()
REFUSALS = Phrases(
    {
        Refusal.SAID_ALREADY: N_("Somebody has said who it was in the meantime."),
        Refusal.GOING_ON: N_("The call is still going on. Say it when it has ended."),
    }
)


@group.get("/log/<contact_id>/who")
def page(contact_id: str) -> ResponseReturnValue:
    return _show(contact_id)


@group.post("/log/<contact_id>/who/find")
def find(contact_id: str) -> ResponseReturnValue:
    return _show(contact_id, text=finding.wanted())


@group.post("/log/<contact_id>/who")
def this_was(contact_id: str) -> ResponseReturnValue:
    """It was somebody we know; with the number, if that is theirs from now on."""
    line, account_id = the_line(), known_visitor().account_id
    person_id = typed.key(request.form, "person")
    refuse_own(person_id)
    take_number = request.form.get("take_number") == "yes"
    with line.database.transaction() as writing:
        found = person_changes.held(writing, person_id) or abort(404)
        against = recognising.this_was(
            writing, contact_id, found, account_id, line.live, line.now, take_number=take_number
        )
    if against is Refusal.NOBODY:
        abort(404)
    if against is not None:
        said = (
            REFUSALS[against] if isinstance(against, Refusal) else person_form.number_said(against, line.live.countries)
        )
        return _show(contact_id, problem=said), 422
    events.info("caller_recognised", account_id=account_id, person_id=person_id, contact_id=contact_id)
    return redirect(url_for("person.page", person_id=person_id), 303)


@group.post("/log/<contact_id>/who/not")
def not_them(contact_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        contact = writing.get(Contact, contact_id) or abort(404)
        person_id = contact.person_id
        refuse_own(person_id)
        if person_id is not None:
            person_changes.held(writing, person_id)
        shared = request.form.get("shared") == "yes"
        against = recognising.not_them(writing, contact_id, account_id, line.now, shared=shared)
    if against is not None or person_id is None:
        return _show(contact_id, problem=REFUSALS[against or Refusal.SAID_ALREADY]), 422
    events.info("caller_was_another", account_id=account_id, person_id=person_id, contact_id=contact_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="facts"), 303)


def _show(contact_id: str, *, text: str = "", problem: str = "") -> str:
    line, at = the_line(), current.at()
    with line.database.reading() as reading:
        contact = reading.get(Contact, contact_id) or abort(404)
        refuse_own(contact.person_id)
        known = contact.person_id and queries_person.exists(reading, contact.person_id)
        name = reading.get_one(Person, contact.person_id).name if contact.person_id and known else ""
        has_number = recognising.number_of(reading, contact) is not None
        rows = finding.found(reading, text, None, at) if text and not known else ()
    return render_template(
        "recognise.html",
        contact_id=contact_id,
        person_id=contact.person_id if known else None,
        name=name,
        when=at.on(contact.at),
        by_telephone=has_number,
        text=text,
        found=[people_view.line(row, at) for row in rows],
        problem=problem,
    )
