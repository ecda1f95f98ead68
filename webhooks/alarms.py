"""The keys of a coordinator who is called about an alarm."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import alarm_script, alarms, legs, progress
from phoneline.line import Line
from phoneline.states import LegPurpose
from phoneline.steps import Document, HangUp
from webhooks import forms
from webhooks.twiml import answer


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/alarms/<token>/key/<tries>`. A stale address hears nothing and ends."""
    pages = Blueprint("alarms", __name__, url_prefix="/webhooks/alarms/<token>")

    @pages.post("/key/<int:tries>")
    def key(token: str, tries: int) -> Response:
        live, now, pressed, sid = line.live, line.now, forms.key(), forms.call_sid()

        def work(session: Session) -> Document:
            leg = legs.by_token(session, token)
            if leg is None or leg.purpose is not LegPurpose.ALARM or not progress.heard_of(session, leg, sid, now):
                return (HangUp(),)
            return alarm_script.key(session, leg, alarms.hold(session, leg), pressed, tries, live, now)

        return answer(line.database.run(work), line.settings)

    return pages
