"""Logins: invited by a link that works once, changed by admins, ended; and what somebody does with their own."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard import devices
from dashboard.current import LINE
from phoneline.models import Account, AccountChange, LoginLink
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW, PASSWORD
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND

CHOSEN = "another four words here"
ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return pages.logged_in(app, AccountRole.ADMIN)


def press(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": token(client, "/you"), **form})
    return answer.status_code, answer.headers.get("Location", unescape(answer.text))


def login_id(line: StoppedLine, role: AccountRole) -> str:
    with line.database.reading() as session:
        return session.scalars(select(Account.id).filter_by(role=role)).one()


def link_in(text: str) -> str:
    return str(re.findall(r"http://127\.0\.0\.1:8000(/welcome/[\w-]+)", text)[0])


def choose(client: FlaskClient, link: str, chosen: str = CHOSEN, again: str = CHOSEN) -> int:
    form = {"csrf_token": token(client), "password": chosen, "again": again}
    return client.post(link, data=form).status_code


def log_in(client: FlaskClient, email: str, password: str) -> int:
    form = {"csrf_token": token(client), "email": email, "password": password}
    return client.post("/login", data=form, headers={"User-Agent": ANDROID}).status_code


@ONE_KIND
def test_who_is_invited_chooses_a_password_by_a_link_that_works_once(
    app: Flask, line: StoppedLine, admin: FlaskClient
) -> None:
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana").id
    status, text = press(admin, "/accounts", email="ana@example.org", role="volunteer", person=ana)
    assert status == 201
    link, someone = link_in(text), app.test_client()
    assert "ana@example.org" in someone.get(link).text
    assert choose(someone, link, "short", "short") == choose(someone, link, CHOSEN, "not the same") == 422
    assert choose(someone, link) == 303
    assert someone.get("/me").status_code == 200
    assert (someone.get(link).status_code, choose(app.test_client(), link)) == (404, 404)
    assert log_in(app.test_client(), "ana@example.org", CHOSEN) == 303
    with line.database.reading() as session:
        made = session.scalars(select(Account).filter_by(person_id=ana)).one()
        assert (made.role, made.invited_at) == (AccountRole.VOLUNTEER, None)
        assert session.scalars(select(LoginLink)).all() == []
    assert press(admin, "/accounts", email="Ana@example.org", role="volunteer", person="")[0] == 422
    assert press(admin, "/accounts", email="two@example.org", role="volunteer", person=ana)[0] == 422
    assert press(admin, "/accounts", email="two@example.org", role="king", person="")[0] == 422


@ONE_KIND
def test_a_link_that_is_old_replaced_or_withdrawn_opens_nothing(
    app: Flask, line: StoppedLine, admin: FlaskClient
) -> None:
    text = press(admin, "/accounts", email="new@example.org", role="coordinator")[1]
    account_id = re.findall(r"/accounts/([\w-]+)/link", text)[0]
    first, second = link_in(text), link_in(press(admin, f"/accounts/{account_id}/link")[1])
    assert [app.test_client().get(link).status_code for link in (first, second)] == [404, 200]
    app.extensions[LINE] = replace(line, at=NOW + timedelta(days=3))
    assert (app.test_client().get(second).status_code, choose(app.test_client(), second)) == (404, 404)
    app.extensions[LINE] = line
    assert press(admin, f"/accounts/{account_id}/withdraw") == (303, "/accounts")
    assert app.test_client().get(second).status_code == 404
    assert press(admin, f"/accounts/{login_id(line, AccountRole.VOLUNTEER)}/withdraw")[0] == 404, "nobody's invitation"


@ONE_KIND
def test_an_ended_login_is_out_at_once_and_stays_out_until_it_is_brought_back(
    app: Flask, line: StoppedLine, admin: FlaskClient, coordinator: FlaskClient
) -> None:
    ended = login_id(line, AccountRole.COORDINATOR)
    email = EMAILS[AccountRole.COORDINATOR]
    assert press(admin, f"/accounts/{ended}/end", reason=" ")[0] == 422
    assert press(admin, f"/accounts/{ended}/end", reason="Moved away.")[0] == 303
    assert coordinator.get("/").status_code == 302
    assert log_in(app.test_client(), email, PASSWORD) == 401
    assert press(admin, f"/accounts/{ended}/link")[0] == 404
    assert "Moved away." in admin.get(f"/accounts/{ended}").text
    assert press(admin, f"/accounts/{ended}/back")[0] == 303
    assert log_in(app.test_client(), email, PASSWORD) == 303
    with line.database.reading() as session:
        assert [(one.what, one.reason) for one in session.scalars(select(AccountChange).order_by("at"))] != []


@ONE_KIND
def test_the_last_admin_is_never_lost(line: StoppedLine, admin: FlaskClient) -> None:
    own, other = login_id(line, AccountRole.ADMIN), login_id(line, AccountRole.COORDINATOR)
    press(admin, "/accounts", email="new@example.org", role="admin")  # who never came
    for path, form in (("end", {"reason": "Gone."}), ("role", {"role": "volunteer"})):
        status, text = press(admin, f"/accounts/{own}/{path}", **form)
        assert (status, "This is the only admin." in text) == (409, True), path
    assert press(admin, f"/accounts/{other}/role", role="admin")[0] == 303
    assert press(admin, f"/accounts/{own}/role", role="coordinator")[0] == 303
    assert admin.get("/accounts").status_code == 403


@ONE_KIND
def test_a_forgotten_password_is_replaced_by_a_link_and_old_sessions_end(
    app: Flask, line: StoppedLine, admin: FlaskClient, volunteer: FlaskClient
) -> None:
    link = link_in(press(admin, f"/accounts/{login_id(line, AccountRole.VOLUNTEER)}/link")[1])
    assert volunteer.get("/").status_code == 200, "until the link is used"
    assert choose(app.test_client(), link) == 303
    assert volunteer.get("/").status_code == 302
    assert log_in(app.test_client(), EMAILS[AccountRole.VOLUNTEER], PASSWORD) == 401
    assert log_in(app.test_client(), EMAILS[AccountRole.VOLUNTEER], CHOSEN) == 303


@ONE_KIND
def test_sessions_are_listed_and_ended_one_by_one_or_all_others(app: Flask) -> None:
    log_in(app.test_client(), EMAILS[AccountRole.VOLUNTEER], PASSWORD)  # makes the quick hash of the tests a slow one
    volunteer = pages.logged_in(app, AccountRole.VOLUNTEER)
    assert press(volunteer, "/you/sessions/others")[0] == 303
    telephone, third = app.test_client(), app.test_client()
    for client in (telephone, third):
        assert log_in(client, EMAILS[AccountRole.VOLUNTEER], PASSWORD) == 303
    text = volunteer.get("/you").text
    assert (text.count("Firefox, Android</strong>"), "on 3 devices" in text) == (2, True)
    ids = re.findall(r"/you/sessions/([\w-]{36})/end", text)
    assert len(ids) == 2
    foreign = pages.logged_in(app, AccountRole.COORDINATOR)
    assert press(foreign, f"/you/sessions/{ids[0]}/end")[0] == 404, "somebody else's"
    assert press(volunteer, f"/you/sessions/{ids[0]}/end")[0] == 303
    assert sorted(client.get("/").status_code for client in (telephone, third)) == [200, 302]
    assert press(volunteer, "/you/sessions/others")[0] == 303
    assert [client.get("/").status_code for client in (telephone, third, volunteer)] == [302, 302, 200]


@ONE_KIND
def test_a_cookie_kept_from_before_opens_nothing_after_logging_out(app: Flask, volunteer: FlaskClient) -> None:
    kept = volunteer.get_cookie("phoneline")
    assert kept is not None
    volunteer.post("/logout", data={"csrf_token": token(volunteer, "/")})
    thief = app.test_client()
    thief.set_cookie("phoneline", kept.value)
    assert thief.get("/").status_code == 302


@ONE_KIND
def test_seven_days_end_a_session_however_busy(app: Flask, line: StoppedLine, volunteer: FlaskClient) -> None:
    for hours in range(10, 24 * 7, 10):
        app.extensions[LINE] = replace(line, at=NOW + timedelta(hours=hours))
        assert volunteer.get("/you").status_code == 200
    app.extensions[LINE] = replace(line, at=NOW + timedelta(days=7))
    assert volunteer.get("/you").status_code == 302


@ONE_KIND
def test_ones_own_password_takes_the_old_one_and_ends_other_sessions(app: Flask, volunteer: FlaskClient) -> None:
    other = pages.logged_in(app, AccountRole.VOLUNTEER)
    assert press(volunteer, "/you/password", old="wrong", new=CHOSEN)[0] == 422
    assert press(volunteer, "/you/password", old=PASSWORD, new="short")[0] == 422
    assert press(volunteer, "/you/password", old=PASSWORD, new=CHOSEN)[0] == 303
    assert (volunteer.get("/").status_code, other.get("/").status_code) == (200, 302)


@ONE_KIND
def test_language_and_clock_are_ones_own(line: StoppedLine, volunteer: FlaskClient) -> None:
    assert press(volunteer, "/you/looks", language="fr", timezone="Europe/Paris")[0] == 303
    text = volunteer.get("/you").text
    assert ('lang="fr"' in text, 'value="Europe/Paris"' in text) == (True, True)
    status, text = press(volunteer, "/you/looks", language="fr", timezone="Moon/Sea")
    assert (status, 'value="Moon/Sea"' in text) == (422, True)
    assert press(volunteer, "/you/looks", language="xx")[0] == 400
    assert press(volunteer, "/you/looks")[0] == 303
    with line.database.reading() as session:
        one = session.scalars(select(Account).filter_by(role=AccountRole.VOLUNTEER)).one()
        assert (one.language, one.timezone) == (None, None)


@ONE_KIND
def test_a_guessed_old_password_is_slowed_down(line: StoppedLine) -> None:
    client = pages.logged_in(pages.pages(line), AccountRole.VOLUNTEER)
    assert [press(client, "/you/password", old="wrong", new=CHOSEN)[0] for _ in range(6)] == [422] * 5 + [429]


def test_a_device_is_told_by_its_own_words() -> None:
    assert devices.told(ANDROID) == "Firefox, Android"
    assert devices.told("curl/8") == ""
