"""A contact that the line had no part in, written down on the person's page: it counts as any other."""

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import person, seen_form
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from phoneline import audit, people, seen
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
        contact = seen.log_contact(writing, person_id, kind, now, outcome=outcome, note=form.note, at=form.at)
        audit.note(writing, contact.id, account_id, AccessAction.CONTACT_LOGGED, now)
        return contact.id

    # A call of theirs that ends in this moment holds its rows in another order.
    contact_id = line.database.run(work)
    events.info("contact_logged", account_id=account_id, person_id=person_id, contact_id=contact_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="contacts"), 303)
