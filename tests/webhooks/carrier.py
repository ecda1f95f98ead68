"""The carrier of the tests: signs and posts as Twilio does, and looks at every answer before a test does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from phoneline.carrier import Audio, CarrierError, Dial, LegReport, Price, RecordingReport, TextMessage
from phoneline.settings import Settings, load
from tests.databases import KEY
from tests.webhooks.twiml import Twiml

ACCOUNT = "AC" + "ab" * 16
TOKEN = "the token of the tests"
PUBLIC_URL = "https://line.example.org/under"
LINE_NUMBER = "+14165550100"
CALLER = "+14375550107"
FORM = "application/x-www-form-urlencoded"


def settings(database_url: str, **changed: str) -> Settings:
    """A line at a carrier that is not the simulated one. Its queue is never asked: nobody opens a messenger."""
    values = {
        "DATABASE_URL": database_url,
        "PHONELINE_KEYS": KEY,
        "REDIS_URL": "unix:///nowhere/queue.sock",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "LINE_NUMBER": LINE_NUMBER,
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "a secret of the tests",
    }
    return load(values=values | changed)


@dataclass
class Tapes:
    """What the carrier recorded, by its own id."""

    reports: dict[str, RecordingReport] = field(default_factory=dict)
    audios: dict[str, Audio] = field(default_factory=dict)
    calls: dict[str, list[str]] = field(default_factory=dict)
    deletes: bool = True
    """False: it says yes and does nothing."""

    def of_call(self, call_sid: str) -> list[RecordingReport]:
        return [self.reports[sid] for sid in self.calls.get(call_sid, ()) if sid in self.reports]

    def report(self, sid: str) -> RecordingReport | None:
        return self.reports.get(sid)

    def audio(self, sid: str, *, as_wav: bool = False) -> Audio | None:  # noqa: ARG002 - the signature is the carrier's
        return self.audios.get(sid)

    def delete(self, sid: str) -> None:
        if self.deletes:
            self.reports.pop(sid, None)


@dataclass
class Records:
    """What the line may ask of the carrier: it answers from its records and notes what it was asked to do."""

    reports: dict[str, LegReport] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    texts: list[TextMessage] = field(default_factory=list)
    text_error: CarrierError | None = None
    announce_error: BaseException | None = None
    recordings: Tapes = field(default_factory=Tapes)
    prices: dict[str, Price | CarrierError] = field(default_factory=dict)

    def forget(self) -> None:
        """As new again."""
        vars(self).update(vars(Records()))

    def dial(self, dial: Dial) -> str:
        self.asked.append(("dial", dial.number))
        return f"CA{len(self.asked):032x}"

    def end(self, sid: str) -> None:
        self.asked.append(("end", sid))

    def redirect(self, sid: str, url: str) -> None:
        self.asked.append((f"redirect {sid}", url))

    def announce(self, room: str, url: str) -> None:
        self.asked.append((f"announce {room}", url))
        if self.announce_error is not None:
            raise self.announce_error

    def report(self, sid: str) -> LegReport | None:
        self.asked.append(("report", sid))
        return self.reports.get(sid)

    def legs_to(self, number: str) -> list[LegReport]:
        self.asked.append(("legs_to", number))
        return []

    def send_text(self, text: TextMessage) -> str:
        if self.text_error is not None:
            raise self.text_error
        self.texts.append(text)
        return f"SM{len(self.texts):032x}"

    def price_of_call(self, sid: str) -> Price | None:
        return self._price("call", sid)

    def price_of_text(self, sid: str) -> Price | None:
        return self._price("text", sid)

    def _price(self, what: str, sid: str) -> Price | None:
        self.asked.append((f"price of {what}", sid))
        found = self.prices.get(sid)
        if isinstance(found, CarrierError):
            raise found
        return found


@dataclass
class Carrier:
    """Posts to one app. What it posts is signed unless a test says otherwise."""

    app: Flask
    token: str = TOKEN
    public_url: str = PUBLIC_URL
    secret_words: frozenset[str] = frozenset()
    """Other people's numbers and names: no answer may hold one."""

    def post(self, path: str, sid: str = "", **fields: str) -> TestResponse:
        """A signed form, as the carrier sends it about the leg `sid`."""
        form = self.form(sid, **fields)
        return self.send(path, form, {"X-Twilio-Signature": self.signature(path, form)})

    def ask(self, path: str, sid: str = "", **fields: str) -> Twiml:
        """The document that a signed request gets."""
        answer = self.post(path, sid, **fields)
        assert answer.status_code == 200, answer.text
        return Twiml(answer.text)

    def form(self, sid: str = "", **fields: str) -> dict[str, str]:
        usual = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": sid or "CA" + "0c" * 16,
            "CallStatus": "in-progress",
            "MessageSid": "SM" + "0c" * 16,
            "From": CALLER,
            "To": LINE_NUMBER,
            "Direction": "inbound",
        }
        return usual | fields

    def signature(self, path: str, form: Mapping[str, str]) -> str:
        return str(RequestValidator(self.token).compute_signature(self.public_url + path, dict(form)))

    def send(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> TestResponse:
        """The form as it is, with these headers and no others."""
        answer = self.app.test_client().post(path, data=dict(form), headers=dict(headers or {}))
        self.look_at(answer)
        return answer

    def look_at(self, answer: TestResponse) -> None:
        """What holds for every answer of every webhook."""
        assert "Set-Cookie" not in answer.headers
        assert "Traceback" not in answer.text
        assert not [word for word in self.secret_words if word in answer.text]
        if answer.mimetype == "text/xml":
            Twiml(answer.text)
