"""The Messages resource (Twilio: Message resource)."""

from http import HTTPStatus

from werkzeug import Request, Response

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.numbering import E164
from phoneline.simulator.poster import Hook
from phoneline.simulator.rest.replies import ApiError, Json, date, gone, not_found, page, reply
from phoneline.simulator.texts import End, Text, deliver

OPTED_OUT = 21610
UNREACHABLE = 21612
SERVER_ERROR = 20500
LONGEST_BODY = 1600
ENDS = {
    "filtered": End("undelivered", 30007),
    "landline": End("undelivered", 30006),
    "lost": End("sent"),
}


def create(exchange: Exchange, request: Request) -> Response:
    """Send a text; a person who opted out gets none (Twilio: 21610)."""
    form = request.form
    to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not E164.fullmatch(to):
        raise ApiError(HTTPStatus.BAD_REQUEST, 21211, f"The 'To' number {to} is not a valid phone number.")
    if from_ != exchange.line.phone_number:
        raise ApiError(HTTPStatus.BAD_REQUEST, 21606, f"The 'From' phone number {from_} is not yours.")
    if not body:
        raise ApiError(HTTPStatus.BAD_REQUEST, 21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        raise ApiError(HTTPStatus.BAD_REQUEST, 21617, "The message body exceeds the 1600 character limit.")
    if to in exchange.opted_out:
        raise ApiError(HTTPStatus.BAD_REQUEST, OPTED_OUT, "Attempt to send to unsubscribed recipient")
    return _send(exchange, to, body, Hook(form.get("StatusCallback", "")))


def _send(exchange: Exchange, to: str, body: str, hook: Hook) -> Response:
    """Take the text, unless the faults of the day say otherwise."""
    fault = exchange.faults.text_fault(to)
    if fault:
        exchange.journal.add("create_fault", number=to, fault=fault)
    if fault == "refuse":
        raise ApiError(HTTPStatus.BAD_REQUEST, UNREACHABLE, f"The message to {to} can't be sent.")
    if fault == "hang":
        exchange.stopping.wait(exchange.faults.hang_seconds)
    if fault in {"hang", "server_error"}:
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, SERVER_ERROR, "An internal server error has occurred")
    with exchange.lock:
        text = deliver(exchange, to, body, hook, ENDS.get(fault or ""))
        body_shown = show(exchange, text) | {"status": "queued"}
    if fault == "hang_made":
        exchange.stopping.wait(exchange.faults.hang_seconds)
    if fault in {"hang_made", "server_error_made"}:
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, SERVER_ERROR, "An internal server error has occurred")
    return reply(body_shown, HTTPStatus.CREATED)


def index(exchange: Exchange, request: Request) -> Response:
    """The texts, newest first."""
    to, from_ = request.args.get("To"), request.args.get("From")
    with exchange.lock:
        texts = [
            text
            for text in reversed(exchange.texts.values())
            if not text.deleted and to in {None, text.to} and from_ in {None, text.from_}
        ]
        return page(request, "messages", texts, lambda text: show(exchange, text))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """One text."""
    return reply(show(exchange, _find(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """Redact a text: an empty Body is all that may be set."""
    text = _find(exchange, request, sid)
    if request.form.get("Body") == "":
        text.body = ""
    return reply(show(exchange, text))


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Remove a text's record."""
    _find(exchange, request, sid).deleted = True
    return gone()


def _find(exchange: Exchange, request: Request, sid: str) -> Text:
    text = exchange.texts.get(sid)
    if text is None or text.deleted:
        raise not_found(request.path)
    return text


def show(exchange: Exchange, text: Text) -> Json:
    """A text as REST shows it."""
    return {
        "sid": text.sid,
        "account_sid": exchange.account_sid,
        "api_version": "2010-04-01",
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "direction": text.direction,
        "date_created": date(text.created_wall),
        "date_updated": date(text.created_wall),
        "date_sent": date(text.created_wall),
        "num_segments": "1",
        "num_media": "0",
        "error_code": text.error_code,
        "error_message": None,
        "messaging_service_sid": None,
        "price": "-0.00750" if text.status not in {"queued", "sending"} else None,
        "price_unit": "USD",
        "uri": f"{exchange.account_path()}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }
