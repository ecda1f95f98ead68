"""A text arrives."""

from flask import Blueprint, Response

from phoneline import arriving_texts, volunteer_texts
from phoneline.arriving_texts import Arrived
from phoneline.identity import caller_number
from phoneline.line import Line
from webhooks import forms
from webhooks.twiml import nothing


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/sms`: taken in, and answered with an empty document. Replies are texts of our own."""
    pages = Blueprint("sms", __name__, url_prefix="/webhooks")

    @pages.post("/sms")
    def text() -> Response:
        sid, live, now = forms.message_sid(), line.live, line.now
        if not sid:
            return Response("MessageSid is missing.\n", 400, mimetype="text/plain")
        number = caller_number(forms.caller_id())
        if number == line.settings.line_number:
            # We don't answer ourselves.
            number = None
        number_hash = line.database.lookup_hash(number) if number else None
        arrived = Arrived(sid, number, number_hash, forms.body(), forms.opt_out_type())
        proof = None
        word = arrived.word
        if word is not None and word.meant.pin:
            claim = line.database.run(lambda session: volunteer_texts.claim(session, word, live, now))
            proof = volunteer_texts.prove(claim)
        line.database.run(lambda session: arriving_texts.receive(session, arrived, live, now, proof))
        return nothing()

    return pages
