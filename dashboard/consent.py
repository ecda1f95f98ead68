"""What somebody agreed to: a yes is written down, and all automated contact ended at once."""

from dataclasses import replace

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import consent_form, person
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.tongue import gettext as _
from phoneline import consents, people

group = page_group("consent")
events = structlog.get_logger()


@group.post("/people/<person_id>/consent")
def record(person_id: str) -> ResponseReturnValue:
    """A form that won't do comes back with what to mend."""
    refuse_own(person_id)
    line, form = the_line(), consent_form.read(request.form)
    if form.problem:
        return person.show(person_id, consent_form=form), 422
    with line.database.transaction() as writing:
        if not people.stays(writing, person_id):
            abort(404)
        recorded = consents.record(writing, person_id, form.yes, line.now)
    if not recorded:
        form = replace(form, problem=_(consent_form.NOT_OWN), wrong="whose")
        return person.show(person_id, consent_form=form), 422
    events.info("consent_recorded", account_id=known_visitor().account_id, person_id=person_id)
    return _back(person_id)


@group.post("/people/<person_id>/consent/end")
def end(person_id: str) -> ResponseReturnValue:
    """At once, without asking again: a yes can be written down anew."""
    refuse_own(person_id)
    line = the_line()

    def work(writing: Session) -> None:
        if not people.stays(writing, person_id):
            abort(404)
        consents.end_automated(writing, person_id, line.now)

    # A call of theirs that ends in this moment holds its rows in another order.
    line.database.run(work)
    events.info("automated_contact_ended", account_id=known_visitor().account_id, person_id=person_id)
    return _back(person_id)


def _back(person_id: str) -> ResponseReturnValue:
    return redirect(url_for("person.page", person_id=person_id, _anchor="consent"), 303)
