"""The web process: webhooks and dashboard over one line. `gunicorn wsgi:app`."""

import sys

from flask import Flask

import dashboard
import webhooks
from phoneline import logging_setup
from phoneline.jobs import open_messenger
from phoneline.line import Line, open_line
from phoneline.settings import SettingsError, load
from webhooks import health

MOST_BODY_BYTES = 64 * 1024


def create_app(line: Line) -> Flask:
    """The whole web side of an open line."""
    app = Flask("wsgi", static_folder=None)
    app.config.update(SECRET_KEY=line.settings.secret_key, MAX_CONTENT_LENGTH=MOST_BODY_BYTES)
    signed = webhooks.register(app, line)
    app.register_blueprint(health.blueprint(line))
    dashboard.register(app, line)
    for blueprint in signed:
        dashboard.forgery.exempt(blueprint)
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
