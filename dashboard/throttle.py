"""Slows down who guesses passwords, and who gathers what is known about callers.

Of guesses only failures count, else only what was given. The queue server's absence never keeps anybody out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
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


def is_gathered(endpoint: str | None) -> bool:
    return any(endpoint in those for _, those in GATHERED.values())


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
