"""The IncomingPhoneNumbers resource, and the account itself (Twilio: IncomingPhoneNumber, Account)."""

import re
from dataclasses import asdict

from werkzeug import Request, Response

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.line_number import CHANGEABLE
from phoneline.simulator.rest.replies import Json, date, not_found, page, reply

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def index(exchange: Exchange, request: Request) -> Response:
    """The account's numbers: there is one."""
    wanted = request.args.get("PhoneNumber", "")
    shown = [exchange.line] if wanted in exchange.line.phone_number else []
    return page(request, "incoming_phone_numbers", shown, lambda _line: show(exchange))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """The number."""
    if sid != exchange.line.sid:
        raise not_found(request.path)
    return reply(show(exchange))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """Change where the number's calls and texts go; in force from the next call."""
    if sid != exchange.line.sid:
        raise not_found(request.path)
    with exchange.lock:
        for name, value in request.form.items():
            field = CAPITAL.sub("_", name).lower()
            if field in CHANGEABLE:
                setattr(exchange.line, field, value)
    return reply(show(exchange))


def account(exchange: Exchange, request: Request) -> Response:  # noqa: ARG001 -- every endpoint takes a request
    """The account."""
    path = exchange.account_path()
    return reply(
        {
            "sid": exchange.account_sid,
            "owner_account_sid": exchange.account_sid,
            "friendly_name": "Simulated account",
            "status": "active",
            "type": "Full",
            "auth_token": "",
            "date_created": date(exchange.pace.wall()),
            "date_updated": date(exchange.pace.wall()),
            "uri": f"{path}.json",
            "subresource_uris": {"calls": f"{path}/Calls.json"},
        }
    )


def show(exchange: Exchange) -> Json:
    """The number as REST shows it."""
    now = date(exchange.pace.wall())
    return asdict(exchange.line) | {
        "account_sid": exchange.account_sid,
        "api_version": "2010-04-01",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "voice_application_sid": None,
        "sms_application_sid": None,
        "trunk_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "origin": "twilio",
        "status": "in-use",
        "date_created": now,
        "date_updated": now,
        "uri": f"{exchange.account_path()}/IncomingPhoneNumbers/{exchange.line.sid}.json",
    }
