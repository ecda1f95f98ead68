"""A caller at the programme, on their own leg."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import calls, programme_visit
from phoneline.line import Line
from phoneline.models import Call
from phoneline.states import CallState
from phoneline.steps import Document
from webhooks import forms
from webhooks.callers import this_call
from webhooks.turns import take_turn


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/programme/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("programme_by_phone", __name__, url_prefix="/webhooks/programme/<token>")

    def answered(token: str, step: int, pressed: str | None) -> Response:
        live, now = line.live, line.now

        def turn(session: Session, call: Call) -> Document:
            if call.state is not CallState.MENU:
                return calls.next_step(session, call, 1, live, now)
            return programme_visit.answer(session, call, step, pressed, live, now)

        return take_turn(line, lambda session: this_call(session, line, token), turn)

    @pages.post("/key/<int:step>")
    def key(token: str, step: int) -> Response:
        return answered(token, step, forms.digits() or None)

    @pages.post("/silence/<int:step>")
    def silence(token: str, step: int) -> Response:
        return answered(token, step, None)

    return pages
