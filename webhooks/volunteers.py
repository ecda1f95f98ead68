"""The keys of a volunteer who is offered a call, during and after the conversation."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import calls, legs, menu_calls, offers, progress
from phoneline import volunteer_script as script
from phoneline.carrier import CarrierError, LegReport
from phoneline.line import Line
from phoneline.models import Call, Leg, Offer
from phoneline.states import CallState, LegPurpose
from phoneline.step_out_script import StepOut
from phoneline.steps import Document
from webhooks import forms
from webhooks.turns import take_turn
from webhooks.twiml import nothing

Turn = Callable[[Session, Call, Offer], Document]
Taking = Callable[[str, Turn], Response]


def _offered(session: Session, token: str) -> Leg | None:
    """The leg of the address, if it was placed to offer somebody a call."""
    leg = legs.by_token(session, token)
    return leg if leg is not None and leg.purpose is LegPurpose.OFFER else None


def this_offer(session: Session, line: Line, token: str) -> tuple[Call, Offer] | None:
    """The offer of the address and its call, the call's row held; None when the request's leg is another."""
    leg = _offered(session, token)
    if leg is None or not progress.heard_of(session, leg, forms.call_sid(), line.now):
        return None
    offer = offers.of_leg(session, leg)
    return offer.call, offer


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/offers/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("volunteers", __name__, url_prefix="/webhooks/offers/<token>")

    def turn(token: str, take: Turn) -> Response:
        return take_turn(
            line, lambda session: this_offer(session, line, token), lambda session, found: take(session, *found)
        )

    @pages.post("/key/<int:tries>")
    def offer_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call, offer: script.offer_key(session, call, offer, key, tries, live, now))

    _step_out_pages(pages, line, turn)

    @pages.post("/outcome/<int:tries>")
    def outcome(token: str, tries: int) -> Response:
        live = line.live
        return turn(token, lambda session, _call, offer: script.ask_outcome(session, offer, tries, live))

    @pages.post("/outcome-key/<int:tries>")
    def outcome_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call, offer: script.outcome_key(session, call, offer, key, tries, live, now))

    @pages.post("/list")
    def back_to_list(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call, offer: menu_calls.back(session, call, offer, live, now))

    @pages.post("/room")
    def room(token: str) -> Response:
        now = line.now

        def note(session: Session) -> None:
            leg = _offered(session, token)
            if leg is not None:
                offer = offers.of_leg(session, leg)
                calls.ask_soon(session, calls.by_id(session, offer.call_id), now)

        if forms.left_room():
            line.database.run(note)
        return nothing()

    return pages


def _step_out_pages(pages: Blueprint, line: Line, turn: Taking) -> None:
    """Out of the room, and what follows from there."""

    def out(token: str, take: Callable[[StepOut], Document]) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call, offer: take(StepOut(session, call, offer, live, now)))

    @pages.post("/stepped-out")
    @pages.post("/stepped-out/<room>")
    def stepped_out(token: str, room: str = "") -> Response:  # noqa: ARG001 - the room is for when this view fails
        # A star and a room that closed because the caller hung up look the same from here; the carrier knows.
        caller = _caller_report(line, token)
        return out(token, lambda step: step.came_out(caller))

    @pages.post("/step-out-key/<int:tries>")
    def step_out_key(token: str, tries: int) -> Response:
        key = forms.key()
        return out(token, lambda step: step.key(key, tries))

    @pages.post("/bring-key/<int:tries>")
    def bring_key(token: str, tries: int) -> Response:
        key = forms.key()
        return out(token, lambda step: step.bring_key(key, tries))

    @pages.post("/back")
    def back(token: str) -> Response:
        return out(token, lambda step: step.back())


def _caller_report(line: Line, token: str) -> LegReport | None:
    """What the carrier says of the caller's leg while the conversation should be going on; None if it can't say."""
    with line.database.reading() as session:
        leg = _offered(session, token)
        call = offers.of_leg(session, leg).call if leg is not None else None
        sid = call.carrier_sid if call is not None and call.state is CallState.CONNECTED else None
    if sid is None:
        return None
    try:
        return line.carrier.report(sid)
    except CarrierError:
        return None
