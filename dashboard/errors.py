"""What a page says when it can't do what was asked: what happened and what to do next, never a traceback."""

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dashboard import headers
from phoneline import what_failed

NOT_OURS = ("/webhooks/", "/recordings/", "/simulator/", "/healthz", "/readyz", "/metrics")
WORDS = {
    400: ("Please try once more", "The page had been open for a long while, so its buttons no longer count."),
    401: ("Please log in again", "You have been away for a while."),
    403: ("This page is for coordinators", "Your login sees who is on shift. Ask a coordinator if you need more."),
    404: ("There is nothing here", "The address may be old, or what it showed is gone."),
    405: ("That doesn't work this way", "Please use the page's own buttons."),
    413: ("That is too large", "A recording may have at most 4 megabytes."),
    500: (
        "Something went wrong here",
        "It has been written down. Please try again; if it stays, tell whoever looks after the line.",
    ),
    503: (
        "The pages can't reach the database",
        "Calls are still answered, in a simpler way. Please tell whoever looks after the line, and try again soon.",
    ),
}

log = structlog.get_logger()


def register(app: Flask) -> None:
    for status in (400, 401, 403, 404, 405, 413, 500):
        app.register_error_handler(status, _refused)
    app.register_error_handler(CSRFError, _refused)
    app.register_error_handler(OperationalError, _no_database)


def _refused(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    return error if request.path.startswith(NOT_OURS) else _page(status)


def _no_database(error: OperationalError) -> ResponseReturnValue:
    if request.path.startswith(NOT_OURS):
        raise error
    log.warning("page_without_database", endpoint=request.endpoint, **what_failed.facts(error))
    return _page(503)


def _page(status: int) -> Response:
    title, words = WORDS[status]
    return headers.protect(make_response(render_template("error.html", title=title, words=words), status))
