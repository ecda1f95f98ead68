"""The web process: webhooks and dashboard over one line. `gunicorn wsgi:app`."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

import dashboard
import webhooks
from phoneline import logging_setup
from phoneline.jobs import open_messenger
from phoneline.line import Line, open_line
from phoneline.settings import SettingsError, load
from webhooks import health

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_BODY_BYTES = 64 * 1024
NOT_PAGES = ("/webhooks/", "/recordings/", "/healthz", "/readyz")


def create_app(line: Line) -> Flask:
    """The whole web side of an open line: two apps behind one door.

    What the pages need before and after each request (sessions, throttling, tokens) is kept off the calls by that.
    """
    carrier, pages = _new_app(), _new_app()
    webhooks.register(carrier, line)
    carrier.register_blueprint(health.blueprint(line))
    dashboard.register(pages, line)
    show_pages = pages.wsgi_app

    def door(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = carrier.wsgi_app if environ["PATH_INFO"].startswith(NOT_PAGES) else show_pages
        return answer(environ, start_response)

    pages.wsgi_app = door  # type: ignore[method-assign]  # as Flask's documentation puts anything in front of an app
    return pages


def _new_app() -> Flask:
    app = Flask("wsgi", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY_BYTES)
    return app


def _app() -> Flask:
    logging_setup.configure()
    try:
        line = open_line(load())
    except SettingsError as error:
        sys.exit(str(error))
    open_messenger(line)
    return create_app(line)


def __getattr__(name: str) -> Flask:
    """`wsgi:app`, made when the server asks for it, so that importing this module starts nothing."""
    if name != "app":
        raise AttributeError(name)
    app = globals()["app"] = _app()
    return app
