"""The Calls resource: create, find, change (Twilio: Call resource)."""

from decimal import Decimal
from http import HTTPStatus

from werkzeug import Request, Response
from werkzeug.datastructures import MultiDict

from phoneline.simulator.calling import Order, create_call, dial
from phoneline.simulator.exchange import Exchange
from phoneline.simulator.leg import Leg, Progress
from phoneline.simulator.numbering import E164
from phoneline.simulator.poster import Hook
from phoneline.simulator.rest.replies import ApiError, Json, date, gone, not_found, page, reply, truth
from phoneline.simulator.source import Fetch, Inline, Source
from phoneline.simulator.twiml_parser import CALL_EVENTS

INVALID_TO = 21211
FROM_NOT_OURS = 21210
MISSING_URL = 21205
NOT_IN_PROGRESS = 21220
BAD_EVENTS = 21626
SERVER_ERROR = 20500
LONGEST_TWIML = 4000
LONGEST_RING = 600


def create(exchange: Exchange, request: Request) -> Response:
    """Make a call, unless the order is wrong or the faults of the day say otherwise."""
    order = _order(exchange, request.form)
    fault = exchange.faults.create_fault(order.to)
    exchange.journal.add("call_create", number=order.to, fault=fault or "")
    if fault:
        exchange.journal.add("create_fault", number=order.to, fault=fault)
    handset = exchange.handsets.get(order.to)
    if fault == "refuse" or (handset and handset.behaviour.dead == "refused"):
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            INVALID_TO,
            f"The phone number you are attempting to call, {order.to}, is not valid.",
        )
    if fault == "hang":
        _hang(exchange)
    if fault in {"server_error", "hang"}:
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, SERVER_ERROR, "An internal server error has occurred")
    leg = create_call(exchange, order)
    body = show(leg)
    dial(leg, order)
    if fault == "hang_made":
        _hang(exchange)
    if fault:
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, SERVER_ERROR, "An internal server error has occurred")
    return reply(body, HTTPStatus.CREATED)


def _hang(exchange: Exchange) -> None:
    exchange.stopping.wait(exchange.faults.hang_seconds)


def _order(exchange: Exchange, form: MultiDict[str, str]) -> Order:
    """The order in a create's parameters. Raises ApiError."""
    to, from_ = form.get("To", ""), form.get("From", "")
    if from_ != exchange.line.phone_number:
        raise ApiError(HTTPStatus.BAD_REQUEST, FROM_NOT_OURS, f"The source phone number {from_} is not yours.")
    if not E164.fullmatch(to) or to == from_:
        raise ApiError(
            HTTPStatus.BAD_REQUEST, INVALID_TO, f"The phone number you are attempting to call, {to}, is not valid."
        )
    async_detection = truth(form.get("AsyncAmd", "false"))
    return Order(
        to=to,
        from_=from_,
        first=_source(form),
        fallback=Hook(form.get("FallbackUrl", ""), form.get("FallbackMethod", "POST")),
        progress=_progress(exchange, form),
        timeout=float(min(LONGEST_RING, form.get("Timeout", 60, type=int))),
        time_limit=float(form.get("TimeLimit", 14400, type=int)),
        # Twilio: SendDigits switches machine detection off.
        detection="" if "SendDigits" in form else _detection(form),
        detection_hook=Hook(form.get("AsyncAmdStatusCallback", "") if async_detection else ""),
    )


def _detection(form: MultiDict[str, str]) -> str:
    wanted = form.get("MachineDetection", "")
    if wanted in {"", "none", "false"}:
        return ""
    if wanted not in {"Enable", "DetectMessageEnd"}:
        raise ApiError(HTTPStatus.BAD_REQUEST, 21401, f"Invalid MachineDetection: {wanted}")
    return wanted


def _source(form: MultiDict[str, str]) -> Source:
    """``Url``, or ``Twiml`` without one. Raises ApiError."""
    url, twiml = form.get("Url", ""), form.get("Twiml", "")
    if url.startswith(("http://", "https://")):
        return Fetch(Hook(url, form.get("Method", "POST")))
    if twiml and not url and len(twiml) <= LONGEST_TWIML:
        return Inline(twiml)
    raise ApiError(HTTPStatus.BAD_REQUEST, MISSING_URL, f"Url is not a valid URL: {url}")


def _progress(exchange: Exchange, form: MultiDict[str, str]) -> Progress:
    """Which progress is told where; one wrong event name and none is ever told (Twilio: warning 21626)."""
    events = form.getlist("StatusCallbackEvent") or ["completed"]
    wrong = [event for event in events if event not in CALL_EVENTS]
    if wrong:
        exchange.journal.add("app_error", code=BAD_EVENTS, url="", text=f"StatusCallbackEvent {wrong}", warning=True)
        events = []
    hook = Hook(form.get("StatusCallback", ""), form.get("StatusCallbackMethod", "POST"))
    return Progress(hook, frozenset(events))


def index(exchange: Exchange, request: Request) -> Response:
    """The calls, newest first. StartTime and EndTime filters are ignored: they can miss queued calls anyway."""
    filters = request.args
    with exchange.lock:
        legs = [leg for leg in reversed(exchange.legs.values()) if _matches(leg, filters)]
        return page(request, "calls", legs, show)


def _matches(leg: Leg, filters: MultiDict[str, str]) -> bool:
    parent = leg.parent.sid if leg.parent else ""
    facts = {"To": leg.to, "From": leg.from_, "Status": leg.status, "ParentCallSid": parent}
    return all(filters.get(name, fact) == fact for name, fact in facts.items())


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """One call."""
    return reply(show(_find(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """End a call or send it to another document."""
    leg = _find(exchange, request, sid)
    form = request.form
    with exchange.lock:
        if leg.over:
            raise _not_in_progress()
        status = form.get("Status", "")
        if status == "canceled" and leg.answered_at is None:
            leg.end("canceled", "rest")
        elif status == "completed":
            leg.end("completed" if leg.answered_at is not None else "canceled", "rest")
        elif status not in {"", "canceled"}:
            raise ApiError(HTTPStatus.BAD_REQUEST, 21218, f"Invalid Status: {status}")
        if not status and not leg.redirect(_source(form)):
            raise _not_in_progress()
        return reply(show(leg))


def _not_in_progress() -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Remove a call's record; one that is going on can't be removed."""
    leg = _find(exchange, request, sid)
    with exchange.lock:
        if not leg.over:
            raise ApiError(HTTPStatus.CONFLICT, 20409, "The call is in progress")
        del exchange.legs[sid]
    return gone()


def _find(exchange: Exchange, request: Request, sid: str) -> Leg:
    leg = exchange.legs.get(sid)
    if leg is None:
        raise not_found(request.path)
    return leg


def price(leg: Leg) -> str:
    """By the minute begun, cheaper for who calls in; nothing for a call that nobody answered."""
    cents = Decimal("0.0085") if leg.direction == "inbound" else Decimal("0.014")
    minutes = -(-leg.seconds() // 60) if leg.answered_at is not None else 0
    return f"{-cents * minutes:.5f}"


def show(leg: Leg) -> Json:
    """A call as REST shows it. ``start_time`` is null until it was dialled."""
    exchange = leg.exchange
    uri = f"{exchange.account_path()}/Calls/{leg.sid}"
    return {
        "sid": leg.sid,
        "account_sid": exchange.account_sid,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "phone_number_sid": exchange.line.sid,
        "api_version": "2010-04-01",
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "status": leg.status,
        "direction": leg.direction,
        "answered_by": leg.answered_by or None,
        "date_created": date(leg.created_wall),
        "date_updated": date(leg.ended_wall or leg.started_wall or leg.created_wall),
        "start_time": date(leg.started_wall),
        "end_time": date(leg.ended_wall),
        "duration": str(leg.seconds()) if leg.over else None,
        "queue_time": str(int(leg.queue_seconds * 1000)),
        "price": price(leg) if leg.over else None,
        "price_unit": "USD",
        "forwarded_from": None,
        "caller_name": None,
        "group_sid": None,
        "annotation": None,
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }
