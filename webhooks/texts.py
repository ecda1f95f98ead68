"""What became of a text that the line sent."""

from flask import Blueprint, Response

from phoneline import texts
from phoneline.line import Line
from webhooks import forms
from webhooks.twiml import nothing


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/texts/<token>/status`. An address or id that isn't the text's has no effect."""
    pages = Blueprint("texts", __name__, url_prefix="/webhooks/texts/<token>")

    @pages.post("/status")
    def status(token: str) -> Response:
        state, sid, code, now = forms.text_state(), forms.message_sid(), forms.error_code(), line.now
        if state is not None:
            line.database.run(lambda session: texts.told(session, token, sid, state, code, now))
        return nothing()

    return pages
