"""Slows down who guesses passwords. Only failures count; the queue server's absence never keeps anybody out."""

import hashlib
from collections.abc import Callable
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


def _address() -> str:
    return request.remote_addr or "nowhere"


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


def slow_down(app: Flask, endpoint: str, settings: Settings) -> None:
    """Limit the failures of a view of `app`.

    They are counted where every web process sees it, or in this process while the queue server can't be reached.
    """
    url = settings.redis_url
    limiter = Limiter(
        _address,
        storage_uri="memory://" if not url else url.replace("unix://", "redis+unix://", 1),
        storage_options={"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS} if url else {},
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix=endpoint,
        strategy="moving-window",
    )
    limiter.init_app(app)
    view: Callable[..., Any] = app.view_functions[endpoint]
    for many, key in LIMITS:
        view = limiter.limit(many, key_func=key, deduct_when=_failed)(view)
    app.view_functions[endpoint] = view
