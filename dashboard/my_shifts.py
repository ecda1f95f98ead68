"""A volunteer's own shifts and limits: the person whose login it is, and nobody else's."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from dashboard import shift_page
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.shift_page import Actor
from phoneline import own_limits

group = page_group("my_shifts")


@group.get("/my-shifts")
def page() -> ResponseReturnValue:
    actor = _actor()
    return shift_page.show(actor) if actor else render_template("shifts_nobody.html")


@group.post("/my-shifts/<act>")
def act(act: str) -> ResponseReturnValue:
    return shift_page.act(_actor() or abort(404), act)


def _actor() -> Actor | None:
    """None where the login is nobody's, or somebody's who has no shifts."""
    person_id = known_visitor().person_id
    if person_id is None:
        return None
    with the_line().database.reading() as reading:
        return Actor(person_id, own=True) if own_limits.is_volunteer(reading, person_id) else None
