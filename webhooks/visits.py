"""A caller at something that is asked step by step on their own leg: their check-in calls, the programme."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import calls
from phoneline.line import Line
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import CallState
from phoneline.steps import Document
from webhooks import forms
from webhooks.callers import this_call
from webhooks.turns import take_turn

Answer = Callable[[Session, Call, int, str | None, LiveSettings, datetime], Document]
"""What comes of a step: of the key that was pressed, or of None."""


def blueprint(line: Line, name: str, path: str, answer: Answer) -> Blueprint:
    """Everything under `/webhooks/<path>/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint(name, __name__, url_prefix=f"/webhooks/{path}/<token>")

    def answered(token: str, step: int, pressed: str | None) -> Response:
        live, now = line.live, line.now

        def turn(session: Session, call: Call) -> Document:
            if call.state is not CallState.MENU:
                return calls.next_step(session, call, 1, live, now)
            return answer(session, call, step, pressed, live, now)

        return take_turn(line, lambda session: this_call(session, line, token), turn)

    @pages.post("/key/<int:step>")
    def key(token: str, step: int) -> Response:
        return answered(token, step, forms.digits() or None)

    @pages.post("/silence/<int:step>")
    def silence(token: str, step: int) -> Response:
        return answered(token, step, None)

    return pages
