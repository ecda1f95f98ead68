"""What may come back when a recording is asked for, from a server that answers whatever a test says."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from twilio.rest import Client
from werkzeug import Request, Response
from werkzeug.serving import make_server

from phoneline.carrier import BusyError, CarrierError, RefusedError, UnknownError
from phoneline.carrier.twilio import TwilioCarrier
from phoneline.carrier.twilio_recordings import MOST_BYTES, TwilioRecordings
from tests.dashboard.fake_network import Quiet
from tests.webhooks.carrier import ACCOUNT, TOKEN, settings

WAV = b"RIFF\x10\x00\x00\x00WAVEa sound"
MP3 = b"ID3\x04 a sound"


@dataclass
class Server:
    answers: dict[str, Response] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    url: str = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.asked.append(request)
        return self.answers.get(request.path[-3:], Response(status=404))(environ, start_response)


@pytest.fixture
def server() -> Iterator[Server]:
    answering = Server()
    made = make_server("127.0.0.1", 0, answering, threaded=True, request_handler=Quiet)
    answering.url = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=lambda: made.serve_forever(0.02))
    thread.start()
    yield answering
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def carrier(server: Server) -> TwilioCarrier:
    return TwilioCarrier(settings("sqlite:///nowhere.sqlite3", TWILIO_API_URL=server.url))


@pytest.fixture
def recordings(carrier: TwilioCarrier) -> TwilioRecordings:
    return carrier.recordings


def test_audio_is_asked_for_with_the_accounts_login(server: Server, recordings: TwilioRecordings) -> None:
    server.answers["mp3"] = Response(MP3)
    found = recordings.audio("RE01")
    assert found is not None
    assert (found.data, found.media_type) == (MP3, "audio/mpeg")
    [asked] = server.asked
    assert asked.path == f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE01.mp3"
    assert asked.authorization is not None
    assert (asked.authorization.username, asked.authorization.password) == (ACCOUNT, TOKEN)


@pytest.mark.parametrize("status", [404, 406, 415])
def test_an_engine_without_mp3_gives_wav(server: Server, recordings: TwilioRecordings, status: int) -> None:
    server.answers = {"mp3": Response(status=status), "wav": Response(WAV, mimetype="application/octet-stream")}
    found = recordings.audio("RE01")
    assert found is not None
    assert (found.data, found.media_type) == (WAV, "audio/wav")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(status=302, headers={"Location": "http://169.254.169.254/"}), RefusedError),
        (Response("<html>Please log in</html>"), UnknownError),
        (Response(b""), UnknownError),
        (Response(status=401), RefusedError),
        (Response(status=429), BusyError),
        (Response(status=503), UnknownError),
    ],
)
def test_what_is_no_sound_is_not_taken(
    server: Server, recordings: TwilioRecordings, answer: Response, error: type[CarrierError]
) -> None:
    server.answers["mp3"] = answer
    with pytest.raises(error):
        recordings.audio("RE01")
    assert len(server.asked) == 1


def test_more_than_we_take_is_not_read_to_the_end(server: Server, recordings: TwilioRecordings) -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for size in range(4 * MOST_BYTES // 2**20):
            sent.append(size)
            yield MP3 + bytes(2**20)

    server.answers["mp3"] = Response(endless(), direct_passthrough=True)
    with pytest.raises(RefusedError):
        recordings.audio("RE01")
    assert len(sent) < 2 * MOST_BYTES // 2**20


def test_a_download_that_trickles_is_given_up(server: Server) -> None:
    server.answers["mp3"] = Response(MP3)
    at_this_server = settings("sqlite:///nowhere.sqlite3", TWILIO_API_URL=server.url)
    impatient = TwilioRecordings(at_this_server, Client(ACCOUNT, TOKEN), most_seconds=-1)
    with pytest.raises(UnknownError, match="in time"):
        impatient.audio("RE01")


@pytest.mark.parametrize("sid", ["../Calls/CA1", "RE1?x=", "", "RE 1", "RE1/..", "x" * 65])
def test_an_id_that_leads_elsewhere_is_not_asked_for(server: Server, recordings: TwilioRecordings, sid: str) -> None:
    for ask in (recordings.audio, recordings.report, recordings.delete):
        with pytest.raises(RefusedError):
            ask(sid)
    assert server.asked == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_only_a_404_says_that_a_recording_or_a_leg_is_gone(
    server: Server, carrier: TwilioCarrier, recordings: TwilioRecordings, status: int
) -> None:
    assert carrier.report("CA01") is None
    assert recordings.report("RE01") is None
    recordings.delete("RE01")
    server.answers["son"] = Response("{}", status=status)
    for ask in (carrier.report, recordings.report, recordings.delete):
        with pytest.raises(CarrierError):
            ask("RE01")
