"""The Recordings resource and its media (Twilio: Recording resource)."""

from http import HTTPStatus

from werkzeug import Request, Response

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.recordings import Recording
from phoneline.simulator.rest.replies import ApiError, Json, date, gone, not_found, page, reply

MP3_FRAME = bytes.fromhex("fffb9064") + bytes(413)
"""One frame of silence: MPEG 1 layer III, 128 kbit/s, 44.1 kHz."""

MP3_FRAMES_A_SECOND = 44100 / 1152


def index(exchange: Exchange, request: Request, sid: str = "") -> Response:
    """The recordings, newest first, of all calls or of one."""
    call_sid = sid or request.args.get("CallSid", "")
    with exchange.lock:
        kept = [
            recording
            for recording in reversed(exchange.recordings.values())
            if not recording.deleted and call_sid in {"", recording.call_sid}
        ]
        return page(request, "recordings", kept, lambda recording: show(exchange, recording))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """One recording's facts."""
    return reply(show(exchange, _find(exchange, request, sid)))


def media(exchange: Exchange, request: Request, sid: str, form: str = "wav") -> Response:
    """The audio. It isn't there yet while the recording is being made ready (Twilio: Record docs)."""
    recording = _find(exchange, request, sid)
    if not recording.ready(exchange.pace.now()):
        raise not_found(request.path)
    if form == "mp3":
        return Response(MP3_FRAME * int(recording.duration * MP3_FRAMES_A_SECOND), mimetype="audio/mpeg")
    return Response(recording.wav(), mimetype="audio/x-wav")


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Delete the audio for good."""
    recording = _find(exchange, request, sid)
    if exchange.faults.refuse_delete():
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, 20500, "Internal server error")
    recording.deleted = True
    exchange.journal.add("recording_deleted", recording.call_sid, recording_sid=sid)
    return gone()


def _find(exchange: Exchange, request: Request, sid: str) -> Recording:
    recording = exchange.recordings.get(sid)
    if recording is None or recording.deleted:
        raise not_found(request.path)
    return recording


def show(exchange: Exchange, recording: Recording) -> Json:
    """A recording as REST shows it."""
    uri = f"{exchange.account_path()}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": exchange.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "date_created": date(recording.created_wall),
        "date_updated": date(recording.created_wall),
        "start_time": date(recording.created_wall),
        "duration": str(recording.duration),
        "status": recording.status,
        "channels": 1,
        "source": "RecordVerb",
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "encryption_details": None,
        "uri": f"{uri}.json",
        "media_url": f"{exchange.api_url}{uri}",
        "subresource_uris": {},
    }
