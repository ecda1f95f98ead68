"""What the carrier says into a conversation when we ask it to."""

from flask import Blueprint, Response

from phoneline import time_warnings
from phoneline.line import Line
from webhooks.twiml import answer, nothing


def blueprint(line: Line) -> Blueprint:
    """`POST /webhooks/announcements/<token>/words`. It is about a room, so no leg need be named."""
    pages = Blueprint("announcements", __name__, url_prefix="/webhooks/announcements/<token>")

    @pages.post("/words")
    def words(token: str) -> Response:
        now = line.now
        document = line.database.run(lambda session: time_warnings.words(session, token, now))
        return nothing() if document is None else answer(document, line.settings)

    return pages
