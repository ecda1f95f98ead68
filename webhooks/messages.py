"""Where the carrier fetches what it plays to a single volunteer: a message, or a prompt that they have spoken in."""

from flask import Blueprint, Response

from phoneline import listening, takes
from phoneline.carrier import Audio
from phoneline.line import Line


def blueprint(line: Line) -> Blueprint:
    """`GET /webhooks/messages/<ticket>/audio`, and the same under `takes`.

    The ticket is all that opens it: not every carrier signs what it plays. It is random, soon leads nowhere, and
    stands in no query, which the carrier would keep.
    """
    pages = Blueprint("messages", __name__, url_prefix="/webhooks")

    @pages.get("/messages/<ticket>/audio")
    def audio(ticket: str) -> Response:
        with line.database.reading() as session:
            return _played(listening.audio(session, ticket, line.now))

    @pages.get("/takes/<ticket>/audio")
    def take(ticket: str) -> Response:
        with line.database.reading() as session:
            return _played(takes.audio(session, ticket))

    return pages


def _played(found: Audio | None) -> Response:
    if found is None:
        return Response(status=404)
    answer = Response(found.data, mimetype=found.media_type)
    answer.headers["Cache-Control"] = "no-store"
    return answer
