"""The number's fallback address: a safe document that needs neither database nor queue."""

from flask import Blueprint, Response

from phoneline.documents import safe
from phoneline.identity import caller_number
from phoneline.line import Line
from webhooks import forms
from webhooks.signed import SignatureCheck
from webhooks.trouble import Trouble
from webhooks.twiml import answer, nothing


def blueprint(line: Line, trouble: Trouble) -> Blueprint:
    """Signed: rings the fallback number, then speaks the crisis numbers. Unsigned: the crisis numbers only."""
    pages = Blueprint("fallback", __name__, url_prefix="/webhooks/voice/fallback")
    check = SignatureCheck(line.settings)

    @pages.post("")
    def safe_document() -> Response:
        number = caller_number(forms.caller_id())
        if not check.holds():
            return answer(safe.crisis_numbers(line.last_live, number), line.settings)
        trouble.served()
        return answer(safe.for_caller(line.last_live, number), line.settings)

    @pages.post("/rung")
    def rung() -> Response:
        if not check.holds():
            return Response(status=403)
        trouble.served(reached=True)
        return nothing()

    @pages.post("/heard")
    def heard() -> Response:
        if check.holds():
            trouble.served(reached=True)
        return answer(safe.heard(), line.settings)

    return pages
