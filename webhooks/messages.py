"""Where the carrier fetches a message that it plays to a volunteer."""

from flask import Blueprint, Response

from phoneline import listening
from phoneline.line import Line


def blueprint(line: Line) -> Blueprint:
    """`GET /webhooks/messages/<ticket>/audio`. The ticket is all that opens it: not every carrier signs what it plays.

    It is random, expires within minutes, and stands in no query, which the carrier would keep.
    """
    pages = Blueprint("messages", __name__, url_prefix="/webhooks/messages/<ticket>")

    @pages.get("/audio")
    def audio(ticket: str) -> Response:
        with line.database.reading() as session:
            found = listening.audio(session, ticket, line.now)
        if found is None:
            return Response(status=404)
        answer = Response(found.data, mimetype=found.media_type)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return pages
