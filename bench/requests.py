"""The carrier's requests of a call that arrives, signed before any clock starts."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha1
from itertools import cycle
from urllib.parse import urlencode

from phoneline.settings import SIMULATED_ACCOUNT

PATH = "/webhooks/voice"
PUBLIC_URL = "https://line.example.org"
TOKEN = secrets.token_hex(16)
LINE_NUMBER = "+14165550100"
KNOWN = tuple(f"+1{area}55501{last:02}" for area in (416, 647) for last in range(1, 100))
"""The numbers of peers whom the line knows."""
UNKNOWN = tuple(f"+1{area}55501{last:02}" for area in (613, 905) for last in range(1, 100))
_CALL, _CALLER = "CALL", "CALLER"


def arriving(count: int, token: str) -> list[bytes]:
    """`count` whole requests, each of a new call, every second one of a peer whom the line knows."""
    numbers = cycle([number for pair in zip(KNOWN, UNKNOWN, strict=True) for number in pair])
    form = _form()
    # What differs between two calls is put into a text made once: making each anew would take longer than answering it.
    body = urlencode(form)
    signed = PUBLIC_URL + PATH + "".join(name + form[name] for name in sorted(form))
    made = []
    for number, _ in zip(numbers, range(count), strict=False):
        sid = f"CA{secrets.token_hex(16)}"
        text = signed.replace(_CALLER, number).replace(_CALL, sid)
        signature = base64.b64encode(hmac.digest(token.encode(), text.encode(), sha1)).decode()
        made.append(_request(body.replace(_CALLER, number.replace("+", "%2B")).replace(_CALL, sid), signature))
    return made


def _request(body: str, signature: str) -> bytes:
    head: Sequence[str] = (
        f"POST {PATH} HTTP/1.1",
        f"Host: {PUBLIC_URL.removeprefix('https://')}",
        "User-Agent: TwilioProxy/1.1",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        f"X-Twilio-Signature: {signature}",
        "I-Twilio-Idempotency-Token: 7b4c9e0e-0000-4000-8000-000000000000",
        "Connection: keep-alive",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode("ascii")


def _form() -> dict[str, str]:
    """The fields that Twilio sends when a call comes in, in its own order."""
    place = {"City": "TORONTO", "State": "ON", "Zip": "", "Country": "CA"}
    return {
        "AccountSid": SIMULATED_ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": _CALL,
        "CallStatus": "ringing",
        "Called": LINE_NUMBER,
        **{f"Called{name}": value for name, value in place.items()},
        "Caller": _CALLER,
        **{f"Caller{name}": value for name, value in place.items()},
        "Direction": "inbound",
        "From": _CALLER,
        **{f"From{name}": value for name, value in place.items()},
        "To": LINE_NUMBER,
        **{f"To{name}": value for name, value in place.items()},
        "StirVerstat": "TN-Validation-Passed-A",
    }
