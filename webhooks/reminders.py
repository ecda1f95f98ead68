"""The keys of a volunteer who is called about a shift."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import reminder_script, reminders
from phoneline.line import Line
from phoneline.models import Leg
from phoneline.states import LegPurpose
from phoneline.steps import Document
from webhooks import forms
from webhooks.called import leg_of
from webhooks.turns import take_turn


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/reminders/<token>/key/<tries>`. A stale address hears nothing and ends."""
    pages = Blueprint("reminders", __name__, url_prefix="/webhooks/reminders/<token>")

    @pages.post("/key/<int:tries>")
    def key(token: str, tries: int) -> Response:
        live, now, pressed, sid = line.live, line.now, forms.key(), forms.call_sid()

        def called(session: Session) -> Leg | None:
            return leg_of(session, token, LegPurpose.REMINDER, sid, now)

        def say(session: Session, leg: Leg) -> Document:
            return reminder_script.key(session, leg, reminders.hold(session, leg), pressed, tries, live, now)

        return take_turn(line, called, say)

    return pages
