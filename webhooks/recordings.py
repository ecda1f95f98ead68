"""The sound of recorded prompts, for the carrier to play. Anybody who calls may hear them."""

from flask import Blueprint, Response, abort

from phoneline import recordings
from phoneline.line import Line

MEDIA_TYPE = "audio/wav"
A_YEAR_SECONDS = 365 * 24 * 3600
KEPT = f"public, max-age={A_YEAR_SECONDS}, immutable"


def blueprint(line: Line) -> Blueprint:
    """`GET /recordings/<token>`: what is under an address never changes."""
    pages = Blueprint("recordings", __name__, url_prefix="/recordings")

    @pages.get("/<token>")
    def sound(token: str) -> Response:
        if "\0" in token:
            abort(404)  # PostgreSQL takes none even to look for it
        with line.database.reading() as session:
            audio = recordings.sound(session, token)
        if audio is None:
            abort(404)
        answer = Response(audio, mimetype=MEDIA_TYPE)
        answer.headers["Cache-Control"] = KEPT
        return answer

    return pages
