"""The keys of a coordinator who is called about an alarm."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import alarm_script, alarms, legs, progress
from phoneline.line import Line
from phoneline.models import Leg
from phoneline.states import LegPurpose
from phoneline.steps import Document
from webhooks import forms
from webhooks.turns import take_turn


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/alarms/<token>/key/<tries>`. A stale address hears nothing and ends."""
    pages = Blueprint("alarms", __name__, url_prefix="/webhooks/alarms/<token>")

    @pages.post("/key/<int:tries>")
    def key(token: str, tries: int) -> Response:
        live, now, pressed, sid = line.live, line.now, forms.key(), forms.call_sid()

        def called(session: Session) -> Leg | None:
            leg = legs.by_token(session, token)
            if leg is None or leg.purpose is not LegPurpose.ALARM:
                return None
            return leg if progress.heard_of(session, leg, sid, now) else None

        def say(session: Session, leg: Leg) -> Document:
            return alarm_script.key(session, leg, alarms.hold(session, leg), pressed, tries, live, now)

        return take_turn(line, called, say)

    return pages
