"""Twilio's REST dialect, through its own package: one try, a real time-out, errors told apart."""

from decimal import Decimal
from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from phoneline.carrier import Dial, LegReport, NotThereError, Price, RefusedError, TextMessage, UnknownError
from phoneline.carrier.rest import errors_told_apart, utc
from phoneline.carrier.statuses import status
from phoneline.carrier.twilio_recordings import TwilioRecordings
from phoneline.settings import TWILIO_URL, Settings

TIMEOUT_SECONDS = 32
"""A little more than the carrier's own limit, so that its answer is heard if there is one."""
LOOKUP_SECONDS = 5
TEXT_VALID_SECONDS = 3600
"""A text that the network couldn't deliver by then is dropped: hours later it would only confuse."""
EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCarrier:
    """`phoneline.carrier.Carrier` over Twilio's API, or any engine that speaks it at `TWILIO_API_URL`."""

    def __init__(self, settings: Settings) -> None:
        self._line_number = settings.line_number
        self._client = _client(settings, TIMEOUT_SECONDS)
        self._quick = _client(settings, LOOKUP_SECONDS)
        self.recordings = TwilioRecordings(settings, self._quick)

    def dial(self, dial: Dial) -> str:
        asked: dict[str, Any] = {
            "to": dial.number,
            "from_": self._line_number,
            "url": dial.url,
            "fallback_url": dial.fallback_url,
            "status_callback": dial.status_url,
            "status_callback_event": EVENTS,
            "timeout": dial.ring_seconds,
        }
        if dial.digits:
            asked["send_digits"] = dial.digits
        if dial.machine_url:
            asked |= {
                "machine_detection": "DetectMessageEnd" if dial.until_greeting_ends else "Enable",
                "async_amd": "true",
                "async_amd_status_callback": dial.machine_url,
            }
        with errors_told_apart():
            sid = self._client.calls.create(**asked).sid
        return _id(sid)

    def end(self, sid: str) -> None:
        # `completed` also cancels what is still queued or ringing.
        try:
            with errors_told_apart():
                self._quick.calls(sid).update(status="completed")
        except RefusedError:
            return

    def redirect(self, sid: str, url: str) -> None:
        with errors_told_apart():
            self._quick.calls(sid).update(url=url, method="POST")

    def announce(self, room: str, url: str) -> None:
        # Announcements go to a conference by its id only, and nobody told us that.
        with errors_told_apart():
            found = self._quick.conferences.list(friendly_name=room, status="in-progress", limit=1)
            if not found:
                message = "the carrier has no such conference"
                raise NotThereError(message)
            self._quick.conferences(_id(found[0].sid)).update(announce_url=url, announce_method="POST")

    def report(self, sid: str) -> LegReport | None:
        try:
            with errors_told_apart():
                return _report(self._quick.calls(sid).fetch())
        except NotThereError:
            return None

    def legs_to(self, number: str) -> list[LegReport]:
        with errors_told_apart():
            found = self._quick.calls.list(to=number, from_=self._line_number, limit=20)
        return [_report(call) for call in found]

    def send_text(self, text: TextMessage) -> str:
        with errors_told_apart():
            sid = self._client.messages.create(
                to=text.number,
                from_=self._line_number,
                body=text.body,
                status_callback=text.status_url,
                validity_period=TEXT_VALID_SECONDS,
            ).sid
        return _id(sid)

    def price_of_call(self, sid: str) -> Price | None:
        with errors_told_apart():
            call = self._quick.calls(sid).fetch()
        return _price(call.price, call.price_unit)

    def price_of_text(self, sid: str) -> Price | None:
        with errors_told_apart():
            text = self._quick.messages(sid).fetch()
        return _price(text.price, text.price_unit)


def _price(amount: object, unit: object) -> Price | None:
    """What is owed stands there as a negative number, in a text."""
    if amount in {None, ""} or not unit:
        return None
    try:
        micros = abs(Decimal(str(amount))) * 1_000_000
        return Price(int(micros.to_integral_value()), str(unit).upper()[:8])
    except (ArithmeticError, ValueError):
        message = "the carrier named a price that is no number"
        raise UnknownError(message) from None


def _id(sid: object) -> str:
    if not sid:
        message = "the carrier answered without an id"
        raise UnknownError(message)
    return str(sid)


def _client(settings: Settings, timeout: float) -> Client:
    # A connection of its own for each request: one that was kept and has died would leave a dialled call unknown.
    http = TwilioHttpClient(pool_connections=False, timeout=timeout)
    client = Client(settings.account_sid, settings.auth_token, http_client=http)
    # TWILIO_EDGE and TWILIO_REGION in the environment would rewrite any host name, ours included.
    client.edge = client.region = None
    if settings.api_url != TWILIO_URL:
        client.api.base_url = settings.api_url
    return client


def _report(call: CallInstance) -> LegReport:
    meaning = status(str(call.status))
    return LegReport(
        sid=str(call.sid),
        live=meaning is None or meaning.live,
        answered=meaning is not None and meaning.answered,
        end=meaning.end if meaning else None,
        ended_at=utc(call.end_time),
        created_at=utc(call.date_created),
    )
