"""One volunteer: what they are doing, and their pauses."""

from datetime import timedelta

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import queries_team, team_view
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from phoneline import pauses

group = page_group("team")
events = structlog.get_logger()


@group.get("/team/<person_id>")
def page(person_id: str) -> ResponseReturnValue:
    moment = at()
    with the_line().database.reading() as reading:
        view = team_view.build(queries_team.volunteer(reading, person_id, moment.now) or abort(404), moment)
    return render_template("team.html", view=view, breaks=team_view.BREAKS)


@group.post("/team/<person_id>/back")
def back(person_id: str) -> ResponseReturnValue:
    """They are rung again."""
    line = the_line()
    with line.database.transaction() as writing:
        _known(writing, person_id)
        if pauses.resume(writing, person_id, line.now):
            events.info("pause_ended", account_id=known_visitor().account_id, person_id=person_id)
    return _return(person_id)


@group.post("/team/<person_id>/break", endpoint="break")
def take_break(person_id: str) -> ResponseReturnValue:
    """They aren't rung for so many minutes, or, with none, for the rest of their shift."""
    minutes = request.form.get("minutes", "")
    if minutes not in team_view.BREAKS:
        abort(400)
    line = the_line()
    until = line.now + timedelta(minutes=int(minutes)) if minutes else None
    with line.database.transaction() as writing:
        _known(writing, person_id)
        pauses.take_break(writing, person_id, until, line.now)
    events.info("break_given", account_id=known_visitor().account_id, person_id=person_id)
    return _return(person_id)


def _known(session: Session, person_id: str) -> None:
    if not queries_team.is_volunteer(session, person_id):
        abort(404)


def _return(person_id: str) -> ResponseReturnValue:
    """To where the button stood."""
    if request.form.get("from") == "now":
        return redirect(url_for("now.page"), 303)
    return redirect(url_for("team.page", person_id=person_id), 303)
