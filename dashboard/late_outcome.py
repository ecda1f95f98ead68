"""How a conversation was, said on the contact's page where the volunteer's telephone went dead before they could."""

import structlog
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import own_contact
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from phoneline import late_outcomes

group = page_group("late_outcome")
events = structlog.get_logger()


@group.post("/log/<contact_id>/outcome")
def give(contact_id: str) -> ResponseReturnValue:
    """Back to the contact's page, whoever was first."""
    line, account_id = the_line(), known_visitor().account_id
    said = next((one for one in late_outcomes.MAY_BE_SAID if one.value == request.form.get("outcome")), None)
    if said is None:
        abort(400)
    now = line.now

    def work(writing: Session) -> bool:
        own_contact.refuse(writing, contact_id)
        return late_outcomes.give(writing, contact_id, said, account_id, now)

    if line.database.run(work):
        events.info("outcome_given_later", account_id=account_id, contact_id=contact_id)
    return redirect(url_for("contact.page", contact_id=contact_id), 303)
