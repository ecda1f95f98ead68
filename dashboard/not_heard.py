"""Whom nobody has heard from for a while, longest silent first; and having somebody call them."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import not_heard_view, person, queries_not_heard
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.log_filters import Cursor
from dashboard.own_record import refuse_own
from phoneline import not_heard, outreach, people
from phoneline.not_heard import MOST_DAYS, Place

MOST_COUNTED = 100

group = page_group("not_heard")
events = structlog.get_logger()


@group.get("/not-heard")
def page() -> ResponseReturnValue:
    line, moment = the_line(), at()
    live = line.live
    before = Cursor.read(request.args.get("after", ""))
    after = Place(before.at, before.id) if before else None
    with line.database.reading() as reading:
        found = queries_not_heard.page(reading, live, moment, after)
        several = queries_not_heard.count(reading, live, moment.now, MOST_COUNTED + 1)
    view = not_heard_view.build(found, several, live.not_heard_days, moment)
    return render_template("not_heard.html", view=view, after=after is not None)


@group.post("/not-heard/<person_id>/ask")
def ask(person_id: str) -> ResponseReturnValue:
    """Somebody of the coordinators is to call them; asked for twice, it is one follow-up."""
    line, account_id = the_line(), known_visitor().account_id
    refuse_own(person_id)
    with line.database.transaction() as writing:
        if not people.stays(writing, person_id):
            abort(404)
        contact_id = outreach.ask(writing, person_id, account_id, line.now)
    if contact_id is not None:
        events.info("outreach_asked", account_id=account_id, person_id=person_id, contact_id=contact_id)
    return redirect(url_for("not_heard.page"), 303)


@group.post("/people/<person_id>/not-heard-days")
def days(person_id: str) -> ResponseReturnValue:
    """Their own number of days; empty: the line's."""
    refuse_own(person_id)
    line, text = the_line(), request.form.get("days", "").strip()[:10]
    wanted = int(text) if text.isascii() and text.isdecimal() else None
    if text and (wanted is None or not 1 <= wanted <= MOST_DAYS):
        return person.show(
            person_id, days_form={"text": text, "wrong": "days", "problem": not_heard_view.bad_days()}
        ), 422
    with line.database.transaction() as writing:
        if not not_heard.set_own_days(writing, person_id, wanted):
            abort(404)
    events.info("not_heard_days_set", account_id=known_visitor().account_id, person_id=person_id)
    return redirect(url_for("person.page", person_id=person_id, _anchor="heard"), 303)
