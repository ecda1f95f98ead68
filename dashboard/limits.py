"""Limits: who is not put through, until when and why."""

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import block_form, limits_view, queries_limits
from dashboard.block_form import BlockForm
from dashboard.blocking import block, today
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from phoneline import blocks

group = page_group("limits")
events = structlog.get_logger()


@group.get("/limits")
def page() -> ResponseReturnValue:
    return _page(BlockForm())


@group.post("/limits/numbers")
def block_number() -> ResponseReturnValue:
    """Block a number that was typed: the person it belongs to, or else the number."""
    line = the_line()
    form = block_form.read(request.form, line.settings.timezone, line.now, with_number=True)
    if form.problem:
        return _page(form), 422
    number_hash = line.database.lookup_hash(form.number)
    with line.database.transaction() as writing:
        block(writing, blocks.of_number(writing, form.number, number_hash), form)
    return redirect(url_for("limits.page"), 303)


@group.post("/limits/blocks/<block_id>/lift")
def lift(block_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        lifted = blocks.lift(writing, block_id, line.now)
    if lifted:
        events.info("block_lifted", account_id=account_id, block_id=block_id)
    back = request.form.get("back", "")
    return redirect(url_for("contact.page", contact_id=back) if back else url_for("limits.page"), 303)


@group.post("/limits/blocks/<block_id>/back")
def put_back(block_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        back = blocks.put_back(writing, block_id, line.now)
    if back:
        events.info("block_put_back", account_id=account_id, block_id=block_id)
    return redirect(url_for("limits.page"), 303)


def _page(form: BlockForm) -> str:
    line = the_line()
    with line.database.reading() as reading:
        standing = queries_limits.standing(reading, line.now)
        ended = queries_limits.ended(reading, line.now)
    at = Moment(line.now, line.settings.timezone)
    return render_template("limits.html", view=limits_view.build(standing, ended, at), form=form, today=today(at))
