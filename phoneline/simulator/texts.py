"""Text messages, both ways, with the carrier's own opt-out words (Twilio: default opt-out handling)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from phoneline.simulator.poster import About, Hook, WebhookError
from phoneline.simulator.session import interpret
from phoneline.simulator.twiml import TwimlError

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange
    from phoneline.simulator.handset import Handset

STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})

ADVANCED_WORDS = {"ARRET": "stop", "AIDE": "help"}
"""What Advanced Opt-Out knows beside the default words; a messaging service may have any."""

OptOutHandling = Literal["default", "advanced", "off"]
"""``default``: the words above, unasked. ``advanced``: of a messaging service; the webhook then has ``OptOutType``."""

CARRIER_REPLIES = {
    "stop": "(carrier) You will get no more texts from this number. Reply START to get them again.",
    "start": "(carrier) You will get texts from this number again.",
    "help": "(carrier) Reply STOP to get no more texts.",
}


@dataclass
class Text:
    """One message; ``direction`` is ``inbound`` or ``outbound-api``, ``at`` is in virtual seconds."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    at: float
    created_wall: float
    status: str = "received"
    error_code: int | None = None
    deleted: bool = False


def text_line(exchange: "Exchange", handset: "Handset", body: str, from_: str) -> str:
    """A handset texts the line: the SMS URL is told, and the carrier minds its own words. The message's SID."""
    line = exchange.line
    with exchange.lock:
        text = _keep(exchange, from_, line.phone_number, body, "inbound")
        exchange.journal.add("text_sent", number=handset.number, sid=text.sid, body=body)
        minded = _mind_words(exchange, handset, body)
    params = {
        "AccountSid": exchange.account_sid,
        "ApiVersion": "2010-04-01",
        "Body": body,
        "From": from_,
        "FromCountry": "CA",
        "MessageSid": text.sid,
        "NumMedia": "0",
        "NumSegments": str(1 + len(body) // 160),
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "To": line.phone_number,
        "ToCountry": "CA",
    } | ({"OptOutType": minded.upper()} if minded and exchange.opt_out_handling == "advanced" else {})
    exchange.callbacks.background(text.sid, lambda: _post(exchange, line.sms(), params))
    return text.sid


def _post(exchange: "Exchange", hook: Hook, params: dict[str, str]) -> None:
    """The SMS URL wants a document; replies in it aren't in the product's dialect, so an empty one is all that fits."""
    about = About("", params["From"])
    try:
        answer = exchange.ask(hook, params, about)
        faults = interpret(answer, hook.method).faults
    except (WebhookError, TwimlError) as error:
        exchange.journal.add("app_error", number=about.number, code=error.code, url=hook.url, text=str(error))
        return
    for fault in faults:
        text = f"{fault.code} {fault.text}"
        exchange.journal.add("app_error", number=about.number, code=fault.code, url=hook.url, text=text, warning=True)


@dataclass(frozen=True)
class End:
    """How a text that the line sent ends: its last status, and Twilio's code for why it didn't arrive."""

    status: str
    code: int | None = None


ARRIVED = End("delivered")
NO_SUCH_HANDSET = End("undelivered", 30005)


def deliver(exchange: "Exchange", to: str, body: str, hook: Hook, end: End | None = None) -> Text:
    """The line texts somebody; a number without a handset is undelivered. Lock held."""
    text = _keep(exchange, exchange.line.phone_number, to, body, "outbound-api")
    handset = exchange.handsets.get(to)
    end = end or (ARRIVED if handset else NO_SUCH_HANDSET)
    text.status, text.error_code = end.status, end.code
    exchange.journal.add("text_received", number=to, sid=text.sid, body=body, status=text.status)
    if handset and end is ARRIVED:
        handset.inbox.append(text)
        handset.changed.notify_all()
    if hook:
        for status in dict.fromkeys(("sent", text.status)):
            exchange.callbacks.send(text.sid, hook, _status_params(exchange, text, status), About("", to))
    return text


def _status_params(exchange: "Exchange", text: Text, status: str) -> dict[str, str]:
    """A message's status callback: it has no ordering field (Twilio: message resource)."""
    return {
        "AccountSid": exchange.account_sid,
        "From": text.from_,
        "MessageSid": text.sid,
        "MessageStatus": status,
        "SmsSid": text.sid,
        "SmsStatus": status,
        "To": text.to,
    } | ({"ErrorCode": str(text.error_code)} if status == "undelivered" else {})


def _keep(exchange: "Exchange", from_: str, to: str, body: str, direction: str) -> Text:
    sid = exchange.sids.new("SM")
    text = Text(sid, from_, to, body, direction, exchange.pace.now(), exchange.pace.wall())
    exchange.texts[sid] = text
    return text


def _mind_words(exchange: "Exchange", handset: "Handset", body: str) -> str:
    """Only whole messages of one word count; the webhook is posted all the same. What it was: stop, start or help."""
    meaning = _meaning(exchange, body.strip().upper())
    if meaning == "stop":
        exchange.opted_out.add(handset.number)
    elif meaning == "start":
        if handset.number not in exchange.opted_out:
            return ""
        exchange.opted_out.discard(handset.number)
    if meaning:
        line = exchange.line.phone_number
        handset.inbox.append(_keep(exchange, line, handset.number, CARRIER_REPLIES[meaning], "outbound-reply"))
    return meaning


def _meaning(exchange: "Exchange", word: str) -> str:
    if exchange.opt_out_handling == "off":
        return ""
    if word in STOP_WORDS:
        return "stop"
    if word in START_WORDS:
        return "start"
    if word in HELP_WORDS:
        return "help"
    return ADVANCED_WORDS.get(word, "") if exchange.opt_out_handling == "advanced" else ""
