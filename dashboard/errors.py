"""What a page says when it can't do what was asked: what happened and what to do next, never a traceback."""

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dashboard import headers, throttle
from dashboard.own_record import OwnRecord
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import what_failed

NOT_OURS = ("/webhooks/", "/recordings/", "/simulator/", "/healthz", "/readyz", "/metrics")
WORDS = {
    400: (N_("Please try once more"), N_("The page had been open for a long while, so its buttons no longer count.")),
    401: (N_("Please log in again"), N_("You have been away for a while.")),
    403: (
        N_("This page is for coordinators"),
        N_("Your login sees who is on shift. Ask a coordinator if you need more."),
    ),
    404: (N_("There is nothing here"), N_("The address may be old, or what it showed is gone.")),
    405: (N_("That doesn't work this way"), N_("Please use the page's own buttons.")),
    429: (N_("That was a lot of tries"), N_("Please wait five minutes, then try once more.")),
    413: (N_("That is too large"), N_("A recording may have at most 4 megabytes.")),
    500: (
        N_("Something went wrong here"),
        N_("It has been written down. Please try again; if it stays, tell whoever looks after the line."),
    ),
    503: (
        N_("The pages can't reach the database"),
        N_("Calls are still answered, in a simpler way. Please tell whoever looks after the line, and try again soon."),
    ),
}
OWN_RECORD = (
    N_("This is about you"),
    N_("Somebody else of the team looks after it, as you would for them. Ask any other coordinator."),
)

MUCH_AT_ONCE = (
    N_("That was a lot at once"),
    N_(
        "So that nobody carries off what callers trust us with, a login gets only so much in an hour. "
        "Go on later today."
    ),
)

log = structlog.get_logger()


def register(app: Flask) -> None:
    for status in (400, 401, 403, 404, 405, 413, 429, 500):
        app.register_error_handler(status, _refused)
    app.register_error_handler(CSRFError, _refused)
    app.register_error_handler(OperationalError, _no_database)


def _refused(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    if request.path.startswith(NOT_OURS):
        return error
    if status == 429 and throttle.is_gathered(request.endpoint):  # noqa: PLR2004 - HTTP's own word
        if request.headers.get("HX-Request"):  # which shows nothing of a refusal: the words stand where the button did
            return headers.protect(make_response(escape(_(MUCH_AT_ONCE[1]))))
        return _page(status, MUCH_AT_ONCE)
    return _page(status, OWN_RECORD if isinstance(error, OwnRecord) else WORDS[status])


def _no_database(error: OperationalError) -> ResponseReturnValue:
    if request.path.startswith(NOT_OURS):
        raise error
    log.warning("page_without_database", endpoint=request.endpoint, **what_failed.facts(error))
    return _page(503, WORDS[503])


def _page(status: int, told: tuple[str, str]) -> Response:
    title, words = told
    return headers.protect(make_response(render_template("error.html", title=_(title), words=_(words)), status))
