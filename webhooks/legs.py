"""A leg that we placed: answered, on its way, over, or answered by a machine."""

from flask import Blueprint, Response

from phoneline import checkin_script, legs, offers, progress, volunteer_script
from phoneline.documents import safe
from phoneline.line import Line
from phoneline.states import LegPurpose
from phoneline.steps import Document, HangUp
from webhooks import forms
from webhooks.twiml import answer, nothing


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/legs/`. An address or id that isn't the leg's has no effect."""
    pages = Blueprint("legs", __name__, url_prefix="/webhooks/legs")

    @pages.post("/<token>/answered")
    def answered(token: str) -> Response:
        live, now, machine = line.live, line.now, forms.machine_answered()
        document: Document = (HangUp(),)
        with line.database.transaction() as session:
            leg = legs.by_token(session, token)
            call = progress.heard_of(session, leg, forms.call_sid(), now) if leg else None
            if leg is not None and call is not None:
                leg.answered_at = leg.answered_at or now
                leg.machine = leg.machine or machine
                if leg.purpose is LegPurpose.OFFER:
                    document = volunteer_script.answered(call, offers.of_leg(session, leg), live)
                else:
                    document = checkin_script.ask_who(session, call, 1, live)
        return answer(document, line.settings)

    @pages.post("/<token>/status")
    def status(token: str) -> Response:
        word, now, machine = forms.call_status(), line.now, forms.machine_answered()
        at, live = forms.happened_at(now), line.live
        with line.database.transaction() as session:
            leg = legs.by_token(session, token)
            call = progress.heard_of(session, leg, forms.call_sid(), now) if leg else None
            if leg is not None and call is not None and word is not None:
                leg.machine = leg.machine or machine
                progress.status(session, leg, word, live, at, now)
        return nothing()

    @pages.post("/<token>/machine")
    def machine(token: str) -> Response:
        now, is_machine = line.now, forms.machine_answered()
        with line.database.transaction() as session:
            leg = legs.by_token(session, token)
            call = progress.heard_of(session, leg, forms.call_sid(), now) if leg else None
            if leg is not None and call is not None and is_machine:
                progress.machine_answered(session, leg, call)
        return nothing()

    @pages.post("/fallback")
    def fallback() -> Response:
        return answer(safe.for_other_legs(), line.settings)

    return pages
