"""The pages over a line whose clock stands still, for tests."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from markupsafe import escape
from sqlalchemy import select

import dashboard
from dashboard.current import LINE
from phoneline import login_sessions
from phoneline.carrier.twilio import TwilioCarrier
from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.models import Account
from phoneline.settings import SIMULATED_ACCOUNT, Settings, load
from phoneline.states import AccountRole
from tests import factories
from tests.dashboard.evening import NOW
from tests.databases import KEY


@dataclass(frozen=True)
class StoppedLine(Line):
    """A line on which it is always the same instant."""

    at: datetime = NOW

    @property
    def now(self) -> datetime:
        return self.at


def settings(database_url: str, **changed: str) -> Settings:
    """The settings of a demo, unless told otherwise."""
    values = {
        "DATABASE_URL": database_url,
        "PHONELINE_KEYS": KEY,
        "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
        "TWILIO_AUTH_TOKEN": "a token",
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "LINE_NUMBER": factories.number(99),
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "a secret of the tests",
        "REDIS_URL": "unix:///nowhere/queue.sock",
    }
    return load(values=values | changed)


def stopped_line(database: Database, settings: Settings, now: datetime = NOW) -> StoppedLine:
    return StoppedLine(settings, database, TwilioCarrier(settings), LiveSettingsCache(database), at=now)


class _Compiled(BytecodeCache):
    """The templates of all apps of this process, compiled once."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.get(bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()


def pages(line: Line) -> Flask:
    app = Flask("pages", static_folder=None)
    app.jinja_options = {"bytecode_cache": COMPILED}
    app.testing = True
    dashboard.register(app, line)
    return app


def token(client: FlaskClient, path: str = "/login") -> str:
    """The forgery token of a page."""
    text = client.get(path).text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def logged_in(app: Flask, role: AccountRole) -> FlaskClient:
    """A browser that has logged in, without the work of checking a password."""
    client = app.test_client()
    line: Line = app.extensions[LINE]
    with line.database.transaction() as writing:
        account = writing.scalars(select(Account).filter_by(role=role)).one()
        key = login_sessions.begin(writing, account.id, "", line.now)
    with client.session_transaction() as session:
        session.permanent = True
        session["id"] = key
    return client


def said(text: str) -> str:
    """The text as a page shows it."""
    return str(escape(text))
