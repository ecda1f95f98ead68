"""The leg of a third party who is brought into a conversation."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import calls, handovers, legs, progress
from phoneline import handover_script as script
from phoneline.line import Line
from phoneline.models import Handover, Leg
from phoneline.states import LegPurpose
from phoneline.steps import Document
from webhooks import forms
from webhooks.turns import take_turn
from webhooks.twiml import nothing

Turn = Callable[[Session, Handover], Document]


def _brought_in(session: Session, token: str) -> Leg | None:
    """The leg of the address, if it was placed to bring somebody in."""
    leg = legs.by_token(session, token)
    return leg if leg is not None and leg.purpose is LegPurpose.HANDOVER else None


def this_handover(session: Session, line: Line, token: str) -> Handover | None:
    """The hand-over of the address, its call's row held; None when the request's leg is another."""
    leg = _brought_in(session, token)
    if leg is None or not progress.heard_of(session, leg, forms.call_sid(), line.now):
        return None
    return handovers.of_leg(session, leg)


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/handovers/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("handovers", __name__, url_prefix="/webhooks/handovers/<token>")

    def turn(token: str, take: Turn) -> Response:
        return take_turn(line, lambda session: this_handover(session, line, token), take)

    @pages.post("/key/<int:tries>")
    def key(token: str, tries: int) -> Response:
        live, now, pressed = line.live, line.now, forms.key()
        return turn(token, lambda session, handover: script.key(session, handover, pressed, tries, live, now))

    @pages.post("/in")
    def come_in(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, handover: script.come_in(session, handover, live, now))

    @pages.post("/after")
    def after(token: str) -> Response:
        # The carrier also asks this when we redirect the leg, and throws the answer away: so nothing changes here.
        live = line.live
        return turn(token, lambda _session, handover: script.over(handover, live))

    @pages.post("/room")
    def room(token: str) -> Response:
        now = line.now

        def note(session: Session) -> None:
            leg = _brought_in(session, token)
            if leg is not None:
                calls.ask_soon(session, calls.by_id(session, handovers.of_leg(session, leg).call_id), now)

        if forms.left_room():
            line.database.run(note)
        return nothing()

    return pages
