"""What is played while callers wait. Anybody who calls may hear it."""

import structlog
from flask import Blueprint, Response, abort
from sqlalchemy.exc import SQLAlchemyError

from phoneline import recordings, soft_tones, wait_music, wav
from phoneline.line import Line
from webhooks.recordings import KEPT, MEDIA_TYPE

log = structlog.get_logger()


def blueprint(line: Line) -> Blueprint:
    """`GET /webhooks/music/<token>/<part>/<seconds>`: so much of it. What is under an address never changes.

    What can't be had is silent, and takes as long: the turn that it fills keeps its length.
    """
    pages = Blueprint("music", __name__, url_prefix="/webhooks/music")

    @pages.get("/<token>/<int:part>/<int:seconds>")
    def sound(token: str, part: int, seconds: int) -> Response:
        if not 1 <= seconds <= wait_music.PART_SECONDS:
            abort(404)
        audio = _audio(line, token, part, seconds)
        answer = Response(wav.silence(seconds) if audio is None else audio, mimetype=MEDIA_TYPE)
        answer.headers["Cache-Control"] = "no-store" if audio is None else KEPT
        return answer

    return pages


def _audio(line: Line, token: str, part: int, seconds: int) -> bytes | None:
    if token == soft_tones.version():
        return soft_tones.part(part % len(soft_tones.CHORDS), seconds)
    if "\0" in token:
        return None  # PostgreSQL takes none even to look for it
    try:
        with line.database.reading() as session:
            own = recordings.sound(session, token)
    except SQLAlchemyError as error:
        log.warning("music_not_read", kind=type(error).__name__)
        return None
    return None if own is None else wav.part(own, part * wait_music.PART_SECONDS, seconds)
