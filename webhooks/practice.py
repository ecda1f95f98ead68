"""The keys of a volunteer whose telephone was rung to practise."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import practice, practice_script
from phoneline.line import Line
from phoneline.models import Leg
from phoneline.states import LegPurpose
from phoneline.steps import Document, HangUp
from webhooks import forms
from webhooks.called import leg_of
from webhooks.turns import take_turn


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/practice/<token>/<page>/<number>`. A stale address hears nothing and ends."""
    pages = Blueprint("practice", __name__, url_prefix="/webhooks/practice/<token>")

    @pages.post("/<page>/<int:number>")
    def turn(token: str, page: str, number: int) -> Response:
        live, now, pressed, sid = line.live, line.now, forms.key(), forms.call_sid()

        def called(session: Session) -> Leg | None:
            return leg_of(session, token, LegPurpose.PRACTICE, sid, now)

        def say(session: Session, leg: Leg) -> Document:
            found = practice.hold(session, leg)
            if found is None:
                return (HangUp(),)
            place = practice_script.on_leg(leg, found.person, live)
            return practice_script.turn(found, place, page, number, pressed, now)

        return take_turn(line, called, say)

    return pages
