"""A file that comes with a form, and the version of one that a button names."""

from flask import request

from phoneline import calendar_reading, wav
from phoneline.wav import Unfit

FORM_BYTES = 16 * 1024
_MOST_DIGITS = 6
_WITH_SOUND = frozenset({"prompts.record", "music.record"})
_WITH_CALENDAR = frozenset({"calendar_files.take_over"})


def allow_files() -> None:
    """Before each request: a form with a file may be larger than any other."""
    if request.endpoint in _WITH_SOUND:
        request.max_content_length = wav.MOST_BYTES + FORM_BYTES
    elif request.endpoint in _WITH_CALENDAR:
        request.max_content_length = calendar_reading.LARGEST + FORM_BYTES


def sound() -> bytes:
    """The file that was chosen. NotPlayableError if there is none, or it is too large."""
    chosen = request.files.get("sound")
    audio = chosen.read(wav.MOST_BYTES + 1) if chosen else b""
    if not audio or len(audio) > wav.MOST_BYTES:
        raise wav.NotPlayableError(Unfit.SIZE)
    return audio


def version(text: str) -> int | None:
    """The number of a version; None if it is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
