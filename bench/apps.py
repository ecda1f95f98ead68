"""What the product's answer is measured against: the same server with less and less behind it."""

import uuid
from datetime import timedelta

from flask import Flask, Response, request
from sqlalchemy import Boolean, Column, DateTime, Float, Index, Integer, MetaData, Table, Text, insert
from twilio.request_validator import RequestValidator

from bench.requests import PATH
from phoneline import clock
from phoneline.db import Database
from phoneline.settings import load

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather action="https://line.example.org/webhooks/key" '
    'finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="2"><Say language="en-US">Hello, and thank you '
    "for calling. Please stay on the line and we will find somebody to talk with you.</Say></Gather>"
    '<Redirect method="POST">https://line.example.org/webhooks/wait</Redirect></Response>'
)
NUMBER = "x" * 140
"""As long as a number is in the database once it is encrypted."""

_metadata = MetaData()
ROWS = Table(
    "bench_row",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("token", Text, unique=True, nullable=False),
    Column("carrier_sid", Text, unique=True),
    Column("direction", Text, nullable=False),
    Column("person_id", Text),
    Column("number", Text),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("wait_began_at", DateTime, nullable=False),
    Column("wait_round", Integer, nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("fallback_rung", Boolean, nullable=False),
    Column("check_at", DateTime, nullable=False),
    Index("ix_bench_row_check_at", "check_at"),
    Index("ix_bench_row_started_at", "started_at"),
    Index("ix_bench_row_person_id", "person_id", "started_at"),
)
"""As many values and as many indexes as the product's row of a new call, without any types of our own."""


def make_rows_table(database: Database) -> None:
    _metadata.create_all(database.engine)


def bare() -> Flask:
    """The ceiling: Flask under gunicorn, answering with a text that is there already."""
    app = Flask("bare", static_folder=None)

    @app.post(PATH)
    def arrive() -> Response:
        return Response(DOCUMENT, mimetype="text/xml")

    return app


def floor() -> Flask:
    """The stack's floor price: what any line on it has to do, the signature and one committed row."""
    app = Flask("floor", static_folder=None)
    settings = load()
    database = Database(settings.database_url)
    validator = RequestValidator(settings.auth_token)

    @app.post(PATH)
    def arrive() -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(settings.public_url + request.path, request.form, signature):
            return Response(status=403)
        now = clock.now().replace(tzinfo=None)
        with database.transaction() as session:
            session.execute(
                insert(ROWS),
                {
                    "id": str(uuid.uuid4()),
                    "token": uuid.uuid4().hex,
                    "carrier_sid": request.form["CallSid"],
                    "direction": "inbound",
                    "person_id": None,
                    "number": NUMBER,
                    "language": "en",
                    "state": "greeting",
                    "started_at": now,
                    "wait_began_at": now,
                    "wait_round": 1,
                    "talk_seconds": 0.0,
                    "fallback_rung": False,
                    "check_at": now + timedelta(seconds=25),
                },
            )
        return Response(DOCUMENT, mimetype="text/xml")

    return app
