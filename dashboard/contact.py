"""One contact: what happened and was promised, and, when asked for and written down each time, the number to ring."""

from typing import TypedDict

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import (
    block_form,
    contact_view,
    follow_up_form,
    ladder_view,
    numbers,
    own_contact,
    queries_apart,
    queries_contact,
    queries_follow_ups,
    queries_ladder,
    queries_limits,
    queries_owners,
)
from dashboard.block_form import BlockForm
from dashboard.blocking import block, today
from dashboard.contact_view import ContactPage, Found
from dashboard.current import at, known_visitor, the_line
from dashboard.follow_up_form import FollowUpForm
from dashboard.guard import page_group
from dashboard.ladder_view import LadderCard
from dashboard.queries_follow_ups import LATELY
from dashboard.times import Moment
from phoneline import audit, blocks
from phoneline.states import FollowUp

group = page_group("contact")
events = structlog.get_logger()


@group.get("/log/<contact_id>")
def page(contact_id: str) -> ResponseReturnValue:
    return show(contact_id)


@group.post("/log/<contact_id>/block", endpoint="block")
def block_caller(contact_id: str) -> ResponseReturnValue:
    """Block whom the contact is with; a form that won't do comes back with what to mend."""
    line = the_line()
    form = block_form.read(request.form, line.settings.timezone, line.now)
    if form.problem:
        return show(contact_id, form), 422
    with line.database.transaction() as writing:
        own_contact.refuse(writing, contact_id)
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
        own_contact.refuse(writing, contact_id)
        found = audit.show_number(writing, contact_id, account_id, line.now)
    # Only now that the note of it is kept is there anything to show.
    if found is not None:
        events.info("number_shown", account_id=account_id, contact_id=contact_id)
    template = "contact_number.html" if request.headers.get("HX-Request") else "contact.html"
    shown = _shown(contact_id)
    spoken = numbers.grouped(found) if found else ""
    forms = _forms(BlockForm(), None)
    return render_template(template, **shown, number=found or "", spoken=spoken, **forms)


def show(
    contact_id: str,
    form: BlockForm | None = None,
    follow_form: FollowUpForm | None = None,
    take_back_problem: str = "",
) -> str:
    """The page; a form that won't do stands on it as it was filled in."""
    forms = _forms(form or BlockForm(), follow_form) | {"take_back_problem": take_back_problem}
    return render_template("contact.html", **_shown(contact_id), number="", spoken="", **forms)


def _forms(form: BlockForm, follow_form: FollowUpForm | None) -> dict[str, object]:
    line, tomorrow = the_line(), follow_up_form.tomorrow(at())
    # A block's last day is one of the line's.
    last = today(Moment(line.now, line.settings.timezone))
    return {"form": form, "today": last, "follow_form": follow_form, "tomorrow": tomorrow}


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
        own_contact.refuse(reading, contact_id)
        whom = blocks.of_contact(reading, contact_id, line.database.lookup_hash)
        done = queries_follow_ups.done_one(reading, contact_id) if contact.row.follow_up is FollowUp.DONE else None
        found = Found(
            contact,
            queries_contact.asked(reading, contact),
            queries_contact.tried(reading, contact),
            queries_contact.looks(reading, contact),
            queries_limits.of_whom(reading, whom, line.now) if whom else None,
            whom,
            outcome_awaited_from=queries_contact.outcome_awaited_from(reading, contact),
            ended=done.ended if done is not None else None,
            may_undo=done is not None and done.ending is not None and done.done_at > line.now - LATELY,
            moves=queries_owners.moves(reading, contact_id),
            coordinators=queries_owners.coordinators(reading, whom.person_id if whom else None),
            apart_from=queries_apart.names(reading, whom.person_id) if whom else (),
        )
        ladder = queries_ladder.of_contacts(reading, [contact_id]).get(contact_id) if contact.checkin_id else None
    if whom is not None and whom.person_id is not None:
        _write_down(whom.person_id)
    return {"view": contact_view.build(found, at()), "ladder": ladder_view.card(ladder, at())}


def _write_down(person_id: str) -> None:
    """What is said of a contact is of the person's record: who looks at it is kept."""
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        audit.looked(writing, person_id, account_id, line.now)
