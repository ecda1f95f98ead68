"""A volunteer's shifts and limits, for a coordinator who acts for them."""

from flask import abort
from flask.typing import ResponseReturnValue

from dashboard import shift_page
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.shift_page import Actor
from phoneline import own_limits

group = page_group("roster_person")


@group.get("/roster/people/<person_id>")
def page(person_id: str) -> ResponseReturnValue:
    return shift_page.show(Actor(person_id, own=False))


@group.post("/roster/people/<person_id>/<act>")
def act(person_id: str, act: str) -> ResponseReturnValue:
    with the_line().database.reading() as reading:
        if not own_limits.is_volunteer(reading, person_id):
            abort(404)
    return shift_page.act(Actor(person_id, own=False), act)
