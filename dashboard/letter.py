"""The team's letter of a week; thanks and proposals are written on it."""

from datetime import date, datetime, time

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import letter_view, queries_people, queries_team, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import proposals, team_letter, thanks
from phoneline.proposal_states import Choice
from phoneline.recurrence import instant
from phoneline.states import Role

EVERYBODY = "everybody"
NO_WORDS = N_("Please write what you would like to say, in at most %(most)s letters.")
NOBODYS = N_("This login isn't anybody's yet. A coordinator can say on People whose it is; then you can write here.")

group = page_group("letter")
events = structlog.get_logger()


@group.get("/roster/letter")
def page() -> ResponseReturnValue:
    return _show(typed.any_day(request.args.get("week", "")[:20]))


@group.post("/roster/letter/thanks")
def thank() -> ResponseReturnValue:
    line, words, to_id = the_line(), _words(), request.form.get("to", EVERYBODY)
    person_id = known_visitor().person_id
    if person_id is None:
        return _show(), 422
    if not 0 < len(words) <= thanks.LONGEST:
        return _show(form=_wrong("thanks", thanks.LONGEST)), 422
    with line.database.transaction() as writing:
        if to_id != EVERYBODY and not queries_team.is_volunteer(writing, to_id):
            abort(404)
        thanks.say(writing, words, person_id, None if to_id == EVERYBODY else to_id, line.now)
    return _back("thanks")


@group.post("/roster/letter/thanks/<thanks_id>/off")
def take_back(thanks_id: str) -> ResponseReturnValue:
    person_id = known_visitor().person_id
    if person_id is None:
        return _show(), 422
    with the_line().database.transaction() as writing:
        if not thanks.take_back(writing, thanks_id, person_id):
            abort(404)
    return _back("thanks")


@group.post("/roster/letter/proposals")
def propose() -> ResponseReturnValue:
    line, words, person_id = the_line(), _words(), known_visitor().person_id
    if person_id is None:
        return _show(), 422
    if not 0 < len(words) <= proposals.LONGEST:
        return _show(form=_wrong("proposal", proposals.LONGEST)), 422
    with line.database.transaction() as writing:
        made = proposals.make(writing, words, person_id, line.now)
    events.info("proposal_made", account_id=known_visitor().account_id, proposal_id=made.id)
    return _back("proposals")


@group.post("/roster/letter/proposals/<proposal_id>/vote")
def vote(proposal_id: str) -> ResponseReturnValue:
    line, said, person_id = the_line(), request.form.get("choice", ""), known_visitor().person_id
    if person_id is None:
        return _show(), 422
    if said not in set(Choice):
        abort(400)
    with line.database.transaction() as writing:
        proposals.vote(writing, proposal_id, person_id, Choice(said), line.now)
    return _back("proposals")


@group.post("/roster/letter/proposals/<proposal_id>/close")
def close(proposal_id: str) -> ResponseReturnValue:
    """Before its time: what was said so far decides."""
    line = the_line()
    with line.database.transaction() as writing:
        proposals.close(writing, proposal_id, line.now)
    events.info("proposal_closed", account_id=known_visitor().account_id, proposal_id=proposal_id)
    return _back("proposals")


def _show(day: date | None = None, form: dict[str, str] | None = None) -> str:
    line, visitor = the_line(), known_visitor()
    at = Moment(line.now, line.settings.timezone)
    week = team_letter.week_of(_within(day, at), at.zone)
    with line.database.reading() as reading:
        letter = team_letter.read(reading, week, line.live, at.now)
        everybody = queries_people.named(reading, Role.VOLUNTEER, "")
        team = [(person_id, name) for person_id, name in everybody if person_id != visitor.person_id]
        view = letter_view.build(letter, visitor.person_id, at)
    form = form or {"wrong": "", "problem": "", "words": ""}
    return render_template(
        "letter.html",
        view=view,
        form=form,
        team=[(EVERYBODY, _("everybody")), *team],
        is_somebody=visitor.person_id is not None,
        nobodys=_(NOBODYS),
        longest=proposals.LONGEST,
    )


def _within(day: date | None, at: Moment) -> datetime:
    """An instant of the week that is asked for; of this one for none, and for one that hasn't begun."""
    return min(instant(datetime.combine(day, time(12)), at.zone), at.now) if day is not None else at.now


def _words() -> str:
    return " ".join(request.form.get("words", "").split())


def _wrong(field: str, most: int) -> dict[str, str]:
    return {"wrong": field, "problem": _(NO_WORDS, most=most), "words": _words()}


def _back(anchor: str) -> ResponseReturnValue:
    return redirect(url_for("letter.page", _anchor=anchor), 303)
