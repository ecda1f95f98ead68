"""The keys of a peer in an automated check-in call."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import checkin_script, checkins
from phoneline.line import Line
from phoneline.models import Call
from phoneline.steps import Document
from webhooks import forms
from webhooks.callers import this_call
from webhooks.turns import take_turn

Turn = Callable[[Session, Call], Document]


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/checkins/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("checkins", __name__, url_prefix="/webhooks/checkins/<token>")

    def turn(token: str, take: Turn) -> Response:
        def peers_call(session: Session) -> Call | None:
            call = this_call(session, line, token)
            return call if call is not None and checkins.of_call(session, call.id) is not None else None

        return take_turn(line, peers_call, take)

    @pages.post("/who/<int:tries>")
    def who(token: str, tries: int) -> Response:
        live = line.live
        return turn(token, lambda session, call: checkin_script.ask_who(session, call, tries, live))

    @pages.post("/who-key/<int:tries>")
    def who_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: checkin_script.who_key(session, call, key, tries, live, now))

    @pages.post("/menu/<int:tries>")
    def menu(token: str, tries: int) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: checkin_script.ask_how(session, call, tries, live, now))

    @pages.post("/key/<int:tries>")
    def menu_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: checkin_script.menu_key(session, call, key, tries, live, now))

    @pages.post("/later/<int:tries>")
    def later(token: str, tries: int) -> Response:
        live, now, digits = line.live, line.now, forms.digits()
        return turn(token, lambda session, call: checkin_script.time_keyed(session, call, digits, tries, live, now))

    @pages.post("/message")
    def message(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: checkin_script.at_a_machine(session, call, live, now))

    @pages.post("/silent")
    def silent(token: str) -> Response:
        return turn(token, lambda _session, call: checkin_script.silent(call))

    return pages
