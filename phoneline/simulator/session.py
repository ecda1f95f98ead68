"""Runs a leg's TwiML: fetch a document, perform its verbs, go where it says."""

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from phoneline.simulator.dialling import dial_numbers
from phoneline.simulator.gathering import gather
from phoneline.simulator.leg import Leg, LegOver, Redirected
from phoneline.simulator.meeting import dial_conference
from phoneline.simulator.poster import Answer, Hook, WebhookError
from phoneline.simulator.prompts import speak
from phoneline.simulator.recorder import record
from phoneline.simulator.source import Fetch, Inline, Source
from phoneline.simulator.twiml import (
    Dial,
    Document,
    Fault,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
)
from phoneline.simulator.twiml_parser import parse

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange

BAD_CONTENT_TYPE = 12300
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
APOLOGY = "We're sorry, an application error has occurred. Goodbye."
"""What a caller hears of Twilio when neither the document nor its fallback can be had."""


class Session:
    """One leg's progress through documents, on the leg's own thread. ``fallback`` is asked once a document fails."""

    def __init__(self, leg: Leg, fallback: Hook) -> None:
        self.leg = leg
        self.exchange: Exchange = leg.exchange
        self._fallback = fallback
        self._source: Source = Inline("<Response/>")
        self._base = ""

    def run(self, source: Source | None) -> None:
        """Perform documents until the leg ends; a document that runs out hangs up."""
        while True:
            try:
                while source is not None:
                    source = self._perform_all(source)
                self.leg.check()
                self.leg.end("completed", "document")
            except Redirected:
                source = self.leg.take_detour()
                continue
            except LegOver:
                return

    def resolve(self, url: str) -> str:
        """An address in the current document, made absolute."""
        return urljoin(self._base, url)

    def follow(self, action: str | None, method: str, extra: dict[str, str]) -> Source:
        """The source behind an ``action``; without one the same document again (Twilio: Gather, Record docs)."""
        if action:
            return Fetch(Hook(self.resolve(action), method), extra)
        if isinstance(self._source, Fetch):
            return Fetch(self._source.hook, extra)
        return self._source

    def tell(self, action: str | None, method: str, extra: dict[str, str]) -> None:
        """Request an action whose answer nobody will follow: the leg is over or on its way elsewhere."""
        hook = Hook("" if action is None else self.resolve(action), method)
        if not hook or self.exchange.stopping.is_set():
            return
        try:
            self.request(hook, extra)
        except WebhookError as error:
            self.complain(error.code, error.url, str(error))

    def complain(self, code: int, url: str, text: str, *, warning: bool = False) -> None:
        """Write down a mistake of the product's."""
        if not self.exchange.stopping.is_set():
            self.leg.note("app_error", code=code, url=url, text=text, warning=warning)

    def load(self, source: Source) -> Document:
        """The document behind ``source``, or the fallback's. Raises LegOver when there is neither."""
        try:
            document = self._obtain(source)
        except WebhookError as error:
            return self._instead(source, error.code, error.url, str(error))
        except TwimlError as error:
            url = source.hook.url if isinstance(source, Fetch) else ""
            return self._instead(source, error.code, url, str(error))
        for fault in document.faults:
            self.complain(fault.code, document.url, fault.text, warning=True)
        return document

    def _instead(self, source: Source, code: int, url: str, text: str) -> Document:
        """What happens when a document can't be had (Twilio: fallback URLs, ErrorCode and ErrorUrl)."""
        self.complain(code, url, text)
        self.leg.check()
        if self._fallback and not (isinstance(source, Fetch) and source.hook == self._fallback):
            return self.load(Fetch(self._fallback, {"ErrorCode": str(code), "ErrorUrl": url}))
        self.leg.advance("in-progress")
        speak(self, Say(APOLOGY))
        self.leg.end("completed", "application error")
        raise LegOver

    def _obtain(self, source: Source) -> Document:
        if isinstance(source, Inline):
            return parse(source.text)
        return self.document(source.hook, source.extra)

    def document(self, hook: Hook, extra: dict[str, str], *, of_leg: bool = True) -> Document:
        """The document at ``hook``, without any fallback. Raises WebhookError, TwimlError."""
        return interpret(self.request(hook, extra, of_leg=of_leg), hook.method)

    def request(self, hook: Hook, extra: dict[str, str], *, of_leg: bool = True) -> Answer:
        """Ask the product for TwiML about this leg, or about none. Raises WebhookError."""
        with self.leg.changed:
            params = (self.leg.params() if of_leg else {"AccountSid": self.exchange.account_sid}) | extra
        return self.exchange.ask(hook, params, self.leg.about())

    def _perform_all(self, source: Source) -> Source | None:
        document = self.load(source)
        self.leg.check()
        self._source = source
        self._base = document.url
        verbs = document.verbs
        if self.leg.status == "ringing":
            verbs = self._pick_up(verbs)
        for verb in verbs:
            self.leg.check()
            if (following := self._perform(verb)) is not None:
                return following
        return None

    def _pick_up(self, verbs: tuple[Verb, ...]) -> tuple[Verb, ...]:
        """Answer an inbound call, unless the first verb is Reject; a first Pause delays it. The verbs that are left."""
        first = verbs[0] if verbs else None
        if isinstance(first, Reject):
            self.leg.end("busy" if first.reason == "busy" else "no-answer", "reject")
            raise LegOver
        if isinstance(first, Pause):
            self.leg.sleep(first.length)
            verbs = verbs[1:]
        self.leg.advance("in-progress")
        return verbs

    def _perform(self, verb: Verb) -> Source | None:
        """Perform one verb: the source to go on with, or None for the next verb."""
        match verb:
            case Say() | Play() | Pause():
                speak(self, verb)
            case Gather():
                return gather(self, verb)
            case Redirect():
                return self.follow(verb.url, verb.method, {})
            case Record():
                return record(self, verb)
            case Dial():
                return dial_conference(self, verb, verb.conference) if verb.conference else dial_numbers(self, verb)
            case Hangup() | Reject():
                self.leg.end("completed", "document")
                raise LegOver
        return None


def interpret(answer: Answer, method: str) -> Document:
    """The document in an answer, by its content type (Twilio: TwiML, content types). Raises TwimlError."""
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind in XML_TYPES:
        return parse(answer.body, answer.url, method)
    if kind == "text/plain":
        return _plain(answer, method)
    if kind.startswith("audio/"):
        return Document((Play(answer.url), Hangup()), (), answer.url, method)
    raise TwimlError(BAD_CONTENT_TYPE, f"content type {kind or 'missing'!r}, HTTP {answer.status}")


def _plain(answer: Answer, method: str) -> Document:
    """Plain text is TwiML if it can be, otherwise it is read to the caller."""
    try:
        return parse(answer.body, answer.url, method)
    except TwimlError:
        text = answer.body.decode("utf-8", "replace")
        fault = Fault(BAD_CONTENT_TYPE, "plain text was read aloud")
        return Document((Say(text), Hangup()), (fault,), answer.url, method)
