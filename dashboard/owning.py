"""An open follow-up becomes somebody's: "I'll take it", or it is given to a coordinator by name."""

import structlog
from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import follow_ups, own_contact
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from phoneline import owners

group = page_group("owning")
events = structlog.get_logger()


@group.post("/log/<contact_id>/take")
def take(contact_id: str) -> ResponseReturnValue:
    """It is this login's; back to where the button stood."""
    line, account_id = the_line(), known_visitor().account_id
    live, now = line.live, line.now

    def work(writing: Session) -> bool:
        own_contact.refuse(writing, contact_id)
        return owners.take(writing, contact_id, account_id, live, now)

    if line.database.run(work):
        events.info("follow_up_taken", account_id=account_id, contact_id=contact_id)
    return follow_ups.after(contact_id)


@group.post("/log/<contact_id>/give")
def give(contact_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    person_id = request.form.get("person", "")
    if not person_id or "\0" in person_id:
        abort(400)
    live, now = line.live, line.now

    def work(writing: Session) -> bool:
        own_contact.refuse(writing, contact_id)
        return owners.give(writing, contact_id, person_id, account_id, live, now)

    if line.database.run(work):
        events.info("follow_up_given", account_id=account_id, contact_id=contact_id, person_id=person_id)
    return follow_ups.after(contact_id)
