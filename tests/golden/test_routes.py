"""Every address of the web process. A new one is a deliberate change: `GOLDEN=write pytest tests/golden` notes it."""

import os
from dataclasses import replace
from inspect import getclosurevars
from pathlib import Path

import pytest
from flask import Flask

from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.settings import SIMULATED_ACCOUNT
from tests.webhooks.carrier import Records, settings
from wsgi import create_app

ROUTES = Path(__file__).with_name("routes.txt")
NOT_NAMED = {"HEAD", "OPTIONS"}
SIMULATED_ONLY = "  (simulated carrier only)"


def routes(app: Flask) -> set[str]:
    """The routes of both apps behind the door, each with its methods."""
    behind = getclosurevars(app.wsgi_app).nonlocals["carrier"]
    return {
        f"{','.join(sorted((rule.methods or set()) - NOT_NAMED)):<5} {rule.rule}"
        for one in (behind, app)
        for rule in one.url_map.iter_rules()
    }


@pytest.fixture
def listed(vault: Vault) -> str:
    real = settings("sqlite:///nowhere.sqlite3")
    simulated = replace(real, account_sid=SIMULATED_ACCOUNT, api_url="http://127.0.0.1:9")
    database = Database(real.database_url)
    found = [
        routes(create_app(Line(one, database, Records(), LiveSettingsCache(database)))) for one in (real, simulated)
    ]
    assert found[0] <= found[1]
    lines = sorted(found[1], key=lambda line: (line.split()[1:], line))
    return "".join(f"{line}{'' if line in found[0] else SIMULATED_ONLY}\n" for line in lines)


def test_the_routes_are_those_that_are_written_down(listed: str) -> None:
    if os.environ.get("GOLDEN") == "write":
        ROUTES.write_text(listed)
    assert listed == ROUTES.read_text()


def test_the_names_that_others_rely_on_are_there(listed: str) -> None:
    """The interface's own addresses, whatever the list says."""
    for promised in (
        "POST  /webhooks/voice",
        "POST  /webhooks/voice/fallback",
        "POST  /webhooks/voice/status",
        "POST  /webhooks/sms",
        "GET   /healthz",
        "GET   /readyz",
        "GET   /",
    ):
        assert promised in listed.splitlines()
    assert "/login" in listed


PLAYED = {
    "GET   /webhooks/messages/<ticket>/audio",
    "GET   /webhooks/music/<token>/<int:part>/<int:seconds>",
    "GET   /webhooks/takes/<ticket>/audio",
}
"""The carrier can't but get what it plays. A message's address opens it for a few minutes; none has parameters."""


def test_nothing_else_under_webhooks_is_got(listed: str) -> None:
    """GET parameters are kept by the carrier for days, and by every proxy's log."""
    others = [line for line in listed.splitlines() if "/webhooks/" in line and line not in PLAYED]
    assert [line for line in others if not line.startswith("POST  ")] == []
