"""One contact: what happened and was promised, and, when asked for and written down each time, the number to ring."""

from typing import TypedDict

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import (
    block_form,
    contact_view,
    ladder_view,
    log,
    numbers,
    queries_apart,
    queries_contact,
    queries_ladder,
    queries_limits,
    queries_owners,
)
from dashboard.block_form import BlockForm
from dashboard.blocking import block, today
from dashboard.contact_view import ContactPage, Found
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.ladder_view import LadderCard
from dashboard.times import Moment
from phoneline import audit, blocks

group = page_group("contact")
events = structlog.get_logger()


@group.get("/log/<contact_id>")
def page(contact_id: str) -> ResponseReturnValue:
    return _page(contact_id, BlockForm())


@group.post("/log/<contact_id>/block", endpoint="block")
def block_caller(contact_id: str) -> ResponseReturnValue:
    """Block whom the contact is with; a form that won't do comes back with what to mend."""
    line = the_line()
    form = block_form.read(request.form, line.settings.timezone, line.now)
    if form.problem:
        return _page(contact_id, form), 422
    with line.database.transaction() as writing:
        whom = blocks.of_contact(writing, contact_id, line.database.lookup_hash)
        if whom is None:
            abort(404)
        block(writing, whom, form)
    return redirect(url_for("contact.page", contact_id=contact_id), 303)


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
    shown = _shown(contact_id)
    spoken = numbers.grouped(found) if found else ""
    return render_template(template, **shown, number=found or "", spoken=spoken, form=BlockForm(), today=_today())


def _page(contact_id: str, form: BlockForm) -> str:
    return render_template("contact.html", **_shown(contact_id), number="", spoken="", form=form, today=_today())


def _today() -> str:
    line = the_line()
    return today(Moment(line.now, line.settings.timezone))


class _Shown(TypedDict):
    """What the page shows: the contact, and who was asked when a safety check-in reached nobody."""

    view: ContactPage
    ladder: LadderCard | None


def _shown(contact_id: str) -> _Shown:
    """The contact in words; 404 if there is none."""
    line = the_line()
    with line.database.reading() as reading:
        contact = queries_contact.details(reading, contact_id)
        if contact is None:
            abort(404)
        whom = blocks.of_contact(reading, contact_id, line.database.lookup_hash)
        found = Found(
            contact,
            queries_contact.asked(reading, contact),
            queries_contact.tried(reading, contact),
            queries_contact.looks(reading, contact),
            queries_limits.of_whom(reading, whom, line.now) if whom else None,
            whom,
            outcome_awaited_from=queries_contact.outcome_awaited_from(reading, contact),
            moves=queries_owners.moves(reading, contact_id),
            coordinators=queries_owners.coordinators(reading),
            apart_from=queries_apart.names(reading, whom.person_id) if whom else (),
        )
        ladder = queries_ladder.of_contacts(reading, [contact_id]).get(contact_id) if contact.checkin_id else None
    at = Moment(line.now, line.settings.timezone)
    return {"view": contact_view.build(found, log.undoable(), at), "ladder": ladder_view.card(ladder, at)}
