"""Recordings in Twilio's REST dialect. Audio comes from the API's own host: no address in a webhook is believed."""

import re
import time
from collections.abc import Iterator
from http import HTTPStatus

import requests
from twilio.rest import Client
from twilio.rest.api.v2010.account.recording import RecordingInstance

from phoneline.carrier import Audio, NotThereError, RecordingReport, RefusedError, UnknownError
from phoneline.carrier.rest import error_of, errors_told_apart
from phoneline.settings import Settings

MOST_RECORDINGS = 20
MOST_BYTES = 24 * 2**20
"""An hour of telephone sound as mp3, 25 minutes of it as wav."""
MOST_SECONDS = 60.0
"""For one download, however slowly it trickles."""
SILENT_SECONDS = 10
_CHUNK = 2**16
_IN_THE_MAKING = frozenset({"in-progress", "paused", "stopped", "processing"})
_COMPLETE = frozenset({"completed"})
_NOT_READY = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE})
_SID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What may stand in an address without being able to change where it leads."""


class TwilioRecordings:
    """`phoneline.carrier.Recordings` over Twilio's API, or any engine that speaks it."""

    def __init__(self, settings: Settings, client: Client, most_seconds: float = MOST_SECONDS) -> None:
        self._client = client
        self._most_seconds = most_seconds
        self._account = f"{settings.api_url}/2010-04-01/Accounts/{settings.account_sid}"
        self._login = (settings.account_sid, settings.auth_token)

    def of_call(self, call_sid: str) -> list[RecordingReport]:
        with errors_told_apart():
            found = self._client.recordings.list(call_sid=call_sid, limit=MOST_RECORDINGS)
        return [_report(one) for one in found]

    def report(self, sid: str) -> RecordingReport | None:
        try:
            with errors_told_apart():
                return _report(self._client.recordings(_checked(sid)).fetch())
        except NotThereError:
            return None

    def delete(self, sid: str) -> None:
        try:
            with errors_told_apart():
                self._client.recordings(_checked(sid)).delete()
        except NotThereError:
            return

    def audio(self, sid: str, *, as_wav: bool = False) -> Audio | None:
        # mp3 is a quarter of wav and plays everywhere; not every engine makes it.
        for form in ("wav",) if as_wav else ("mp3", "wav"):
            data = self._media(f"{self._account}/Recordings/{_checked(sid)}.{form}")
            if data is not None:
                return Audio(data, _media_type(data))
        return None

    def _media(self, url: str) -> bytes | None:
        with (
            errors_told_apart(),
            # A redirect would take our login, or us, to somebody else's host.
            requests.get(url, auth=self._login, stream=True, timeout=SILENT_SECONDS, allow_redirects=False) as answer,
        ):
            if answer.status_code in _NOT_READY:
                return None
            if answer.status_code != HTTPStatus.OK:
                raise error_of(answer.status_code, f"the carrier answered {answer.status_code} for a recording")
            return b"".join(_bounded(answer, self._most_seconds))


def _bounded(answer: requests.Response, most_seconds: float) -> Iterator[bytes]:
    until, size = time.monotonic() + most_seconds, 0
    for chunk in answer.iter_content(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            message = "the recording is larger than we take"
            raise RefusedError(message)
        if time.monotonic() > until:
            message = "the recording didn't come in time"
            raise UnknownError(message)
        yield chunk


def _media_type(data: bytes) -> str:
    """What it is by its first bytes, whatever it was called. UnknownError if it is no sound that we know."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] >= b"\xe0"):
        return "audio/mpeg"
    message = "the carrier sent something else than sound"
    raise UnknownError(message)


def _checked(sid: str) -> str:
    if not _SID.fullmatch(sid):
        message = "a recording's id is none"
        raise RefusedError(message)
    return sid


def _report(recording: RecordingInstance) -> RecordingReport:
    status, seconds = str(recording.status), str(recording.duration)
    return RecordingReport(
        sid=str(recording.sid),
        in_the_making=status in _IN_THE_MAKING,
        complete=status in _COMPLETE,
        seconds=int(seconds) if seconds.isascii() and seconds.isdecimal() else None,
    )
