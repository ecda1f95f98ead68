"""Slows down who guesses passwords, and who gathers what is known about callers.

Of guesses only failures count, else only what was given. The queue server's absence never keeps anybody out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter

from dashboard.current import visitor
from phoneline.settings import Settings

ANSWER_SECONDS = 1
GUESSED = (
    "login.enter",
    "you.password",
    "second_step.check",
    "second_step.begin",
    "second_step.keep",
    "second_step.recovery",
)
"""Where a password or a code is tried."""


GATHERED: Mapping[str, tuple[str, Sequence[str]]] = {
    "numbers": ("60 per hour", ("contact.number", "person_numbers.show", "signup.number")),
    "searches": ("120 per 10 minutes", ("people.search", "person_merge.find", "recognise.find")),
    "downloads": (
        "30 per hour",
        ("log.file", "rights.everything", "signup.file", "reports.file", "calendar_files.as_spreadsheet"),
    ),
    "invitations": ("20 per hour", ("accounts.invite", "accounts.link")),
}
"""How much of each a login gets: more than a busy day takes, less than whoever carries it all off would need."""


NETWORK_BITS = 64
"""So many of an IPv6 address say whose it is."""


def is_gathered(endpoint: str | None) -> bool:
    return any(endpoint in those for _, those in GATHERED.values())


def came_from(peer: str, told: str) -> str:
    """Where a request comes from: as the proxy before us says in `X-Forwarded-For`, or else whoever speaks to us.

    A proxy writes whom it heard at the end of what it was told itself. Only one that is near is believed: on this
    machine, or in its own network. In IPv6 everybody has as many addresses as they like: the network counts.
    """
    here, last = _network(peer), _network(told.rpartition(",")[2].strip())
    # A socket of this machine has no address.
    is_near = here is None or ip_address(peer).is_private
    return (last if is_near else None) or here or "nowhere"


def _network(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return str(
        ip_network((found, NETWORK_BITS if isinstance(found, IPv6Address) else found.max_prefixlen), strict=False)
    )


def _address() -> str:
    return came_from(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))


def _account() -> str:
    """The account that is tried, unreadable: it stands in the queue server's memory."""
    someone = visitor()
    tried = request.form.get("email", "").strip().casefold() if someone is None else someone.account_id
    return hashlib.sha256(tried.encode()).hexdigest()[:24]


def _account_from_address() -> str:
    return f"{_address()} {_account()}"


LIMITS = (
    ("5 per 5 minutes", _account_from_address),
    ("30 per hour", _address),
    ("100 per hour", _account),
)


def _failed(response: Response) -> bool:
    return response.status_code >= 400  # noqa: PLR2004 - HTTP's own bound between answers and refusals


def _given(response: Response) -> bool:
    return not _failed(response)


def slow_down(app: Flask, settings: Settings) -> None:
    """Limit the guesses at views of `app`, and what a login gathers by them."""
    for endpoint in GUESSED:
        limiter = _limiter(app, endpoint, settings)
        view: Callable[..., Any] = app.view_functions[endpoint]
        for many, key in LIMITS:
            view = limiter.limit(many, key_func=key, deduct_when=_failed)(view)
        app.view_functions[endpoint] = view
    for what, (many, endpoints) in GATHERED.items():
        limiter = _limiter(app, what, settings)
        together = limiter.shared_limit(many, what, key_func=_account, deduct_when=_given)
        for endpoint in endpoints:
            asked: Callable[..., Any] = app.view_functions[endpoint]
            app.view_functions[endpoint] = together(asked)


def _limiter(app: Flask, name: str, settings: Settings) -> Limiter:
    """It counts where every web process sees it, or in this process while the queue server can't be reached."""
    url = settings.redis_url
    limiter = Limiter(
        _address,
        storage_uri="memory://" if not url else url.replace("unix://", "redis+unix://", 1),
        storage_options={"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS} if url else {},
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix=name,
        strategy="moving-window",
    )
    limiter.init_app(app)
    return limiter
