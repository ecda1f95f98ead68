"""Text messages, both ways, with the carrier's own opt-out words (Twilio: default opt-out handling)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phoneline.simulator.poster import About, Hook, WebhookError
from phoneline.simulator.session import interpret
from phoneline.simulator.twiml import TwimlError

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange
    from phoneline.simulator.handset import Handset

STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})

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
    deleted: bool = False


def text_line(exchange: "Exchange", handset: "Handset", body: str, from_: str) -> str:
    """A handset texts the line: the SMS URL is told, and the carrier minds its own words. The message's SID."""
    line = exchange.line
    with exchange.lock:
        text = _keep(exchange, from_, line.phone_number, body, "inbound")
        exchange.journal.add("text_sent", number=handset.number, sid=text.sid, body=body)
        _mind_words(exchange, handset, body)
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
    }
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


def deliver(exchange: "Exchange", to: str, body: str, hook: Hook) -> Text:
    """The line texts somebody; a number without a handset is undelivered. Lock held."""
    text = _keep(exchange, exchange.line.phone_number, to, body, "outbound-api")
    handset = exchange.handsets.get(to)
    text.status = "delivered" if handset else "undelivered"
    exchange.journal.add("text_received", number=to, sid=text.sid, body=body, status=text.status)
    if handset:
        handset.inbox.append(text)
        handset.changed.notify_all()
    if hook:
        for status in ("sent", text.status):
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
    } | ({"ErrorCode": "30005"} if status == "undelivered" else {})


def _keep(exchange: "Exchange", from_: str, to: str, body: str, direction: str) -> Text:
    sid = exchange.sids.new("SM")
    text = Text(sid, from_, to, body, direction, exchange.pace.now(), exchange.pace.wall())
    exchange.texts[sid] = text
    return text


def _mind_words(exchange: "Exchange", handset: "Handset", body: str) -> None:
    """Only whole messages of one word count; the webhook is posted all the same."""
    word = body.strip().upper()
    if word in STOP_WORDS:
        exchange.opted_out.add(handset.number)
        reply = "stop"
    elif word in START_WORDS and handset.number in exchange.opted_out:
        exchange.opted_out.discard(handset.number)
        reply = "start"
    elif word in HELP_WORDS:
        reply = "help"
    else:
        return
    line = exchange.line.phone_number
    handset.inbox.append(_keep(exchange, line, handset.number, CARRIER_REPLIES[reply], "outbound-reply"))
