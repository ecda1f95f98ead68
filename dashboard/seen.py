"""A contact that the line had no part in, written down on the person's page: it counts as any other."""

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import contact, person, seen_form, sheet_told
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import audit, by_hand, people, seen, seen_undo
from phoneline.by_hand import Answer
from phoneline.models import Contact
from phoneline.states import AccessAction, ContactKind, ContactOutcome

group = page_group("seen")
events = structlog.get_logger()


@group.post("/people/<person_id>/contact", endpoint="log")
def log_contact(person_id: str) -> ResponseReturnValue:
    """A form that won't do comes back with what to mend."""
    line, account_id = the_line(), known_visitor().account_id
    refuse_own(person_id)
    # One instant for both: what is written down of now must not lie after it.
    moment = at()
    now = moment.now
    form = seen_form.read(request.form, moment)
    if form.problem:
        return person.show(person_id, seen_form=form), 422
    kind, outcome = ContactKind(form.how), ContactOutcome(form.outcome)

    def work(writing: Session) -> str:
        if not people.stays(writing, person_id):
            abort(404)
        logged = seen.log_contact(writing, person_id, kind, now, outcome=outcome, note=form.note, at=form.at)
        audit.note(writing, logged.id, account_id, AccessAction.CONTACT_LOGGED, now)
        return logged.id

    # A call of theirs that ends in this moment holds its rows in another order.
    contact_id = line.database.run(work)
    events.info("contact_logged", account_id=account_id, person_id=person_id, contact_id=contact_id)
    return redirect(url_for("person.page", person_id=person_id, logged=contact_id, _anchor="timeline"), 303)


@group.post("/log/<contact_id>/take-back")
def take_back(contact_id: str) -> ResponseReturnValue:
    """It wasn't so: off the log, and what it had changed is as it was. Refused, its own page says why."""
    line, account_id = the_line(), known_visitor().account_id
    now = line.now

    def work(writing: Session) -> tuple[str | None, Answer]:
        found = writing.get(Contact, contact_id)
        if found is None:
            return None, Answer.NOT_ANY_MORE
        refuse_own(found.person_id)
        return found.person_id, seen_undo.take_back(writing, contact_id, account_id, line.live, now)

    person_id, answer = line.database.run(work)
    if person_id is not None and answer not in by_hand.DONE:
        return contact.show(contact_id, take_back_problem=sheet_told.WORDS[answer]), 422
    # Whoever pressed a moment later has only the page that the button stood on.
    person_id = person_id or request.form.get("person") or abort(404)
    events.info("contact_taken_back", account_id=account_id, contact_id=contact_id, what=answer.value)
    return redirect(url_for("person.page", person_id=person_id, told=answer.value, _anchor="timeline"), 303)
