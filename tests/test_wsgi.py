import pytest
from flask.testing import FlaskClient

from phoneline.db import Database
from tests.dashboard import pages
from wsgi import create_app


@pytest.fixture
def client(database: Database, database_url: str) -> FlaskClient:
    return create_app(pages.stopped_line(database, pages.settings(database_url))).test_client()


def test_pages_and_webhooks_are_served_by_one_app(client: FlaskClient) -> None:
    assert client.get("/login").status_code == 200
    assert client.get("/healthz").text == "ok\n"
    assert client.post("/webhooks/voice", data={"CallSid": "CA1"}).status_code == 403
    assert client.get("/webhooks/voice").status_code == 405
    assert client.get("/webhooks/nothing").status_code == 404


def test_a_webhook_knows_no_browser(client: FlaskClient) -> None:
    client.set_cookie("phoneline", "whatever a browser holds")
    answer = client.post("/webhooks/voice/fallback")
    assert answer.status_code == 200
    assert not answer.headers.getlist("Set-Cookie")
    assert "Vary" not in answer.headers


def test_a_body_without_end_is_refused(client: FlaskClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "any"}
    assert client.post("/webhooks/voice", data=b"x" * 65537, headers=form).status_code == 413
    assert client.post("/login", data=b"x" * 65537, headers=form).status_code == 413
