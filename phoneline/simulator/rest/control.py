"""Remote control of the handsets for a page that shows them: state as JSON, and their keys. Loopback only, no login."""

from http import HTTPStatus

from werkzeug import Request, Response
from werkzeug.exceptions import Forbidden, NotFound

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.handset import Handset, HandsetError
from phoneline.simulator.leg import Leg
from phoneline.simulator.rest.replies import Json, reply

LONG_POLL = 20.0
"""Real seconds that a request for news waits at most."""

LINES_SHOWN = 30
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def guard(request: Request) -> None:
    """Refuse whoever isn't on this machine, and pages of other sites that a browser here was led to."""
    host = request.host.rpartition(":")[0] or request.host
    if request.remote_addr not in LOOPBACK or host not in LOOPBACK | {"localhost"}:
        raise Forbidden
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        raise Forbidden


def state(exchange: Exchange, request: Request) -> Response:
    """What every handset shows. With ``since`` the answer waits for a version beyond it."""
    since = request.args.get("since", type=int)
    if since is not None:
        exchange.journal.wait_beyond(since, LONG_POLL)
    with exchange.lock:
        handsets = [show(handset) for handset in exchange.handsets.values()]
        version = len(exchange.journal)
    return reply({"version": version, "line_number": exchange.line.phone_number, "handsets": handsets})


def act(exchange: Exchange, request: Request, id_: str, action: str) -> Response:
    """Do something with a handset: 204, or 409 and a sentence that says why not."""
    handset = next((one for one in exchange.handsets.values() if one.id == id_), None)
    if handset is None:
        raise NotFound
    try:
        _do(handset, action, request)
    except HandsetError as error:
        return Response(str(error), HTTPStatus.CONFLICT, mimetype="text/plain")
    return Response(status=HTTPStatus.NO_CONTENT)


def _do(handset: Handset, action: str, request: Request) -> None:
    match action:
        case "call":
            handset.call_line(request.form.get("from"))
        case "answer":
            handset.answer()
        case "reject":
            handset.reject()
        case "hang-up":
            handset.hang_up()
        case "press":
            handset.press(request.form.get("key", ""))
        case "speak":
            handset.speak(request.form.get("seconds", 5.0, type=float))
        case "text":
            handset.text_line(request.form.get("body", ""))
        case _:
            raise NotFound


CAN = {
    "idle": ["call"],
    "dialling": ["hang_up"],
    "ringing": ["answer", "reject"],
    "talking": ["hang_up", "keys"],
}


def show(handset: Handset) -> Json:
    """One handset. Lock held."""
    leg, last = handset.current_leg, handset.last_leg
    now = handset.exchange.pace.now()
    answered = leg.answered_at if leg else None
    return {
        "id": handset.id,
        "number": handset.number,
        "label": handset.label,
        "kind": handset.kind,
        "state": handset.state,
        "call_seconds": int(now - answered) if answered is not None else 0,
        "heard": _heard(last) if last else [],
        "gather_open": bool(leg and leg.accepts),
        "recording": bool(leg and leg.recording),
        "in_conference_with": _partners(leg) if leg else [],
        "inbox": [{"id": text.sid, "text": text.body} for text in handset.inbox[-LINES_SHOWN:]],
        "can": CAN[handset.state],
    }


def _heard(leg: Leg) -> list[Json]:
    return [
        {"id": f"{leg.sid}-{line.id}", "text": line.text, "language": line.language}
        for line in leg.heard[-LINES_SHOWN:]
    ]


def _partners(leg: Leg) -> list[str]:
    legs = leg.conference_mates() + ([leg.bridged_with] if leg.bridged_with else [])
    return [other.handset.label if other.handset else other.number for other in legs]
