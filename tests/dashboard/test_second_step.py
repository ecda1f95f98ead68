"""The second step of a login: required of who sees callers, good once, and never a way round it."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from dashboard.current import LINE
from phoneline.models import Account
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW, PASSWORD
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND

EMAIL = EMAILS[AccountRole.COORDINATOR]


@pytest.fixture
def app(line: StoppedLine) -> Flask:
    """Pages at which nobody has guessed yet."""
    return pages.pages(line)


def digits(secret: str, later: timedelta = timedelta()) -> str:
    return pyotp.TOTP(secret).at(NOW + later)


def post(client: FlaskClient, path: str, page: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": token(client, page), **form})
    return answer.status_code, answer.headers.get("Location", answer.text)


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    assert post(client, "/you/second-step", "/you/second-step")[0] == 303
    secret = re.findall(r"\b[A-Z2-7]{32}\b", client.get("/you/second-step").text)[0]
    status, shown = post(client, "/you/second-step/code", "/you/second-step", code=digits(secret))
    assert status == 201
    return secret, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", shown)


def enter(client: FlaskClient) -> str:
    return post(client, "/login", "/login", email=EMAIL, password=PASSWORD, next="/log")[1]


def give(client: FlaskClient, code: str) -> tuple[int, str]:
    return post(client, "/login/code", "/login/code", code=code)


@ONE_KIND
def test_the_password_alone_opens_nothing_and_each_code_is_good_once(app: Flask, line: StoppedLine) -> None:
    secret, codes = set_up(pages.logged_in(app, AccountRole.COORDINATOR))
    client = app.test_client()
    assert enter(client) == "/log"
    for path in ("/", "/log", "/people", "/you", "/you/second-step"):
        assert client.get(path).headers["Location"] == "/login/code", path
    assert client.get("/now", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login/code"
    assert give(client, digits(secret))[0] == 401, "the code that set it up"
    assert give(client, "000000")[0] == 401
    app.extensions[LINE] = replace(line, at=NOW + timedelta(seconds=60))
    fresh, waited = digits(secret, timedelta(seconds=60)), client.get_cookie("phoneline")
    assert give(client, fresh) == (303, "/log")
    assert client.get("/log").status_code == 200
    thief = app.test_client()
    assert waited is not None
    thief.set_cookie("phoneline", waited.value)
    assert thief.get("/log").headers["Location"].startswith("/login?"), "the session that waited is gone"
    enter(thief)
    assert give(thief, fresh)[0] == 401, "seen over a shoulder"
    assert len(set(codes)) == 10
    assert give(thief, codes[0].upper().replace("-", " "))[0] == 303
    again = app.test_client()
    enter(again)
    assert give(again, codes[0])[0] == 401, "used up"


@ONE_KIND
def test_who_sees_callers_sets_one_up_before_anything_else_on_a_real_line(line: StoppedLine) -> None:
    url = line.settings.database_url
    real = pages.stopped_line(line.database, pages.settings(url, TWILIO_ACCOUNT_SID="AC" + "1" * 32))
    app = pages.pages(real)
    client, volunteer = (pages.logged_in(app, role) for role in (AccountRole.ADMIN, AccountRole.VOLUNTEER))
    for path in ("/", "/log", "/accounts", "/you"):
        assert client.get(path).headers["Location"] == "/you/second-step", path
    assert post(client, "/you/password", "/you/second-step", old=PASSWORD, new="x" * 9)[1] == "/you/second-step"
    assert volunteer.get("/").status_code == 200
    set_up(client)
    assert client.get("/log").status_code == 200


@ONE_KIND
def test_codes_are_slowed_down(app: Flask) -> None:
    set_up(pages.logged_in(app, AccountRole.COORDINATOR))
    client = app.test_client()
    enter(client)
    assert [give(client, f"00000{one}")[0] for one in range(6)] == [401] * 5 + [429]


@ONE_KIND
def test_ten_minutes_without_a_code_end_the_wait(app: Flask, line: StoppedLine) -> None:
    set_up(pages.logged_in(app, AccountRole.COORDINATOR))
    client = app.test_client()
    enter(client)
    app.extensions[LINE] = replace(line, at=NOW + timedelta(minutes=10))
    assert client.get("/login/code").headers["Location"].startswith("/login?")


@ONE_KIND
def test_new_codes_and_another_app_take_the_password_and_an_admin_takes_it_off(app: Flask, line: StoppedLine) -> None:
    mine = pages.logged_in(app, AccountRole.COORDINATOR)
    _, codes = set_up(mine)
    for path in ("/you/second-step", "/you/second-step/recovery"):
        assert post(mine, path, "/you/second-step", old="not it")[0] == 422
    made = post(mine, "/you/second-step/recovery", "/you/second-step", old=PASSWORD)[1]
    assert codes[0] not in made
    client = app.test_client()
    enter(client)
    assert give(client, codes[0])[0] == 401
    with line.database.reading() as session:
        account_id = session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one()
        kept = session.execute(text("select totp_secret from account where totp_secret is not null")).scalars().all()
        assert all(one.startswith("gAAAA") for one in kept), "encrypted at rest"
    admin = pages.logged_in(app, AccountRole.ADMIN)
    path = f"/accounts/{account_id}/factors"
    assert post(admin, path, "/you", reason="")[0] == 422
    assert post(admin, path, "/you", reason="The telephone is at the bottom of a lake.")[0] == 303
    assert mine.get("/").status_code == 302
    enter(client)
    assert client.get("/log").status_code == 200
