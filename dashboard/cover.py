"""How many people are needed when: written down, changed, taken off; and where they are missing."""

from dataclasses import replace

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import cover_form, cover_view
from dashboard.cover_form import DAYS, TIERS, TOO_MANY, CoverForm
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline import cover_needs, covering

group = page_group("cover")
events = structlog.get_logger()


@group.get("/roster/cover")
def page() -> ResponseReturnValue:
    """With the form open for the need that is to be changed, if one is."""
    return _filled_in(None, request.args.get("change", ""))


@group.post("/roster/cover")
def write() -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    form = cover_form.read(request.form)
    if form.need is None:
        return _filled_in(form), 422
    with line.database.transaction() as writing:
        kept = cover_needs.write_down(writing, form.need, account_id, line.now, form.instead or None)
    if not kept:
        return _filled_in(replace(form, problems={"days": _(TOO_MANY)})), 422
    events.info("cover_need_written", account_id=account_id)
    return redirect(url_for("cover.page"), 303)


@group.post("/roster/cover/<need_id>/off")
def take_off(need_id: str) -> ResponseReturnValue:
    line = the_line()
    with line.database.transaction() as writing:
        if cover_needs.take_off(writing, need_id, line.now):
            events.info("cover_need_taken_off", account_id=known_visitor().account_id, need_id=need_id)
    return redirect(url_for("cover.page"), 303)


@group.post("/roster/cover/<need_id>/back")
def put_back(need_id: str) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        if cover_needs.put_back(writing, need_id):
            events.info("cover_need_put_back", account_id=known_visitor().account_id, need_id=need_id)
    return redirect(url_for("cover.page"), 303)


def _filled_in(form: CoverForm | None, change: str = "") -> str:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        written = cover_needs.written(reading, at.now)
        stretches = covering.stretches(reading, line.live, at.now, at.now + cover_view.AHEAD)
    asked = next((one for one in written if one.id == change and one.ended_at is None), None)
    if form is None:
        form = cover_form.of(asked.need, asked.id) if asked is not None else CoverForm()
    view = cover_view.page(written, stretches, at)
    return render_template("cover.html", view=view, form=form, days=DAYS.items(), tiers=TIERS.items())
