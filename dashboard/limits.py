"""Limits: who is not put through, until when and why; how much was agreed with those who call often."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import (
    apart_view,
    block_form,
    limit_form,
    limits_view,
    queries_apart,
    queries_limits,
    spending_view,
)
from dashboard.apart_form import ApartForm
from dashboard.block_form import BlockForm
from dashboard.blocking import block, today
from dashboard.current import at, known_visitor, the_line
from dashboard.decisions import note, switch
from dashboard.guard import page_group
from dashboard.limit_form import LimitForm
from dashboard.limits_view import Found
from dashboard.own_record import refuse_own
from dashboard.times import Moment
from dashboard.words import LANGUAGES
from phoneline import blocks, daily_limits, identity, spending
from phoneline.daily_limits import Agreement
from phoneline.keeping_apart import TEAM
from phoneline.setting_states import SettingKind

group = page_group("limits")
events = structlog.get_logger()


@group.get("/limits")
def page() -> ResponseReturnValue:
    """As linked from the page of a contact or of a volunteer, with a form open and somebody chosen in it."""
    asked = request.args
    apart = ApartForm(asked.get("caller", ""), asked.get("volunteer", ""))
    return filled_in(limit=LimitForm(person_id=asked.get("person", "")), apart=apart)


@group.post("/limits/numbers")
def block_number() -> ResponseReturnValue:
    """Block a number that was typed: the person it belongs to, or else the number."""
    line = the_line()
    number = identity.written_number(request.form.get("number", ""), line.settings.line_number)
    form = block_form.read(
        request.form.to_dict() | {"number": number}, line.settings.timezone, line.now, with_number=True
    )
    if form.problem:
        return filled_in(block=form), 422
    number_hash = line.database.lookup_hash(form.number)
    with line.database.transaction() as writing:
        block(writing, blocks.of_number(writing, form.number, number_hash), form)
    return redirect(url_for("limits.page"), 303)


@group.post("/limits/blocks/<block_id>/lift")
def lift(block_id: str) -> ResponseReturnValue:
    switch(SettingKind.BLOCK, block_id, blocks.lift, "block_lifted", is_on=False)
    back = request.form.get("back", "")
    return redirect(url_for("contact.page", contact_id=back) if back else url_for("limits.page"), 303)


@group.post("/limits/blocks/<block_id>/back")
def put_back(block_id: str) -> ResponseReturnValue:
    switch(SettingKind.BLOCK, block_id, blocks.put_back, "block_put_back", is_on=True)
    return redirect(url_for("limits.page"), 303)


@group.post("/limits/people")
def agree() -> ResponseReturnValue:
    """A daily limit that was agreed with somebody, or agreed anew."""
    line, account_id = the_line(), known_visitor().account_id
    form = limit_form.read(request.form)
    refuse_own(form.person_id)
    if form.problem:
        return filled_in(limit=form), 422
    made = Agreement(form.person_id, form.calls, form.minutes, form.note, form.language, account_id)
    with line.database.transaction() as writing:
        try:
            note(writing, SettingKind.LIMIT, daily_limits.agree(writing, made, line.now), is_on=True)
        except LookupError:
            abort(404)
    events.info("daily_limit_agreed", account_id=account_id, person_id=form.person_id)
    return redirect(url_for("limits.page"), 303)


@group.post("/limits/people/<limit_id>/end")
def end(limit_id: str) -> ResponseReturnValue:
    switch(SettingKind.LIMIT, limit_id, daily_limits.end, "daily_limit_ended", is_on=False)
    return redirect(url_for("limits.page"), 303)


@group.post("/limits/people/<limit_id>/resume")
def resume(limit_id: str) -> ResponseReturnValue:
    switch(
        SettingKind.LIMIT,
        limit_id,
        lambda session, one, _now: daily_limits.resume(session, one),
        "daily_limit_resumed",
        is_on=True,
    )
    return redirect(url_for("limits.page"), 303)


def filled_in(block: BlockForm | None = None, limit: LimitForm | None = None, apart: ApartForm | None = None) -> str:
    """The page, with what was filled in to one of its forms."""
    line, live = the_line(), the_line().live
    moment = at()
    with line.database.reading() as reading:
        day = spending.today(reading, live, line.now)
        beyond = queries_limits.beyond(reading, live.countries)
        found = Found(
            queries_limits.standing(reading, line.now),
            queries_limits.ended(reading, line.now),
            queries_limits.limits(reading, line.now),
            daily_limits.all_today(reading, line.settings.timezone, line.now),
            apart_view.build(queries_apart.decided(reading, line.now), queries_apart.said(reading), moment),
            spending_view.build(day, live.countries, beyond),
            spending_view.notice(day),
        )
        chosen = {one for one in (limit and limit.person_id, apart and apart.caller_id) if one}
        peers = queries_limits.peers(reading, chosen)
        team = queries_limits.people(reading, *TEAM)
    known = {person_id for person_id, _ in peers or ()}
    return render_template(
        "limits.html",
        view=limits_view.build(found, moment),
        form=block or BlockForm(),
        limit=limit or LimitForm(),
        apart=apart or ApartForm(),
        today=today(Moment(line.now, line.settings.timezone)),
        peers=peers or (),
        many_peers=peers is None,
        team=team,
        team_only=[one for one in team if one[0] not in known],
        languages=LANGUAGES,
    )
