"""One contact: what happened and was promised, and, when asked for and written down each time, the number to ring."""

import structlog
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from dashboard import contact_view, log, numbers, queries_contact
from dashboard.contact_view import ContactPage, Found
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from phoneline import audit

group = page_group("contact")
events = structlog.get_logger()


@group.get("/log/<contact_id>")
def page(contact_id: str) -> ResponseReturnValue:
    return render_template("contact.html", view=_view(contact_id), number="", spoken="")


@group.post("/log/<contact_id>/number")
def number(contact_id: str) -> ResponseReturnValue:
    """The page with the number on it, to htmx the part with the number: nothing else of ours ever says one."""
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        found = audit.show_number(writing, contact_id, account_id, line.now)
    # Only now that the note of it is kept is there anything to show.
    if found is not None:
        events.info("number_shown", account_id=account_id, contact_id=contact_id)
    template = "contact_number.html" if request.headers.get("HX-Request") else "contact.html"
    view = _view(contact_id)
    return render_template(template, view=view, number=found or "", spoken=numbers.grouped(found) if found else "")


def _view(contact_id: str) -> ContactPage:
    """The contact in words; 404 if there is none."""
    line = the_line()
    with line.database.reading() as reading:
        contact = queries_contact.details(reading, contact_id)
        if contact is None:
            abort(404)
        found = Found(
            contact,
            queries_contact.asked(reading, contact),
            queries_contact.tried(reading, contact),
            queries_contact.looks(reading, contact),
        )
    return contact_view.build(found, log.undoable(), Moment(line.now, line.settings.timezone))
