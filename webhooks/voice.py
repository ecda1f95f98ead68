"""A call arrives at the line, and its own leg ends."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import admission, calls, lent_legs
from phoneline.identity import caller_number
from phoneline.line import Line
from phoneline.people import calling_from
from phoneline.states import LegEnd
from webhooks import forms
from webhooks.twiml import answer, nothing


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/voice` and `POST /webhooks/voice/status`."""
    pages = Blueprint("voice", __name__, url_prefix="/webhooks/voice")

    @pages.post("")
    def arrive() -> Response:
        sid = forms.call_sid()
        if not sid:
            return Response("CallSid is missing.\n", 400, mimetype="text/plain")
        number = caller_number(forms.caller_id())
        live, now = line.live, line.now
        number_hash = line.database.lookup_hash(number) if number else None
        with line.database.transaction() as session:
            caller = calling_from(session, number_hash) if number_hash else None
            admitted = admission.of_caller(session, caller, number_hash, live.home.zone, now)
            document = calls.arrive(session, sid, number, caller, admitted, live, now)
        return answer(document, line.settings)

    @pages.post("/status")
    def status() -> Response:
        word, now = forms.call_status(), line.now
        if word is None or word.live:
            return nothing()
        at, live = forms.happened_at(now), line.live
        end, sid = word.end or LegEnd.FAILED, forms.call_sid()

        def close(session: Session) -> None:
            call = calls.by_sid(session, sid)
            if call is not None:
                calls.end(session, call, at, live, now, end)
                lent_legs.hung_up(session, call, live, at, now)

        line.database.run(close)
        return nothing()

    return pages
