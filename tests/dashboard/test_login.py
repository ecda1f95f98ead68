from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from dashboard import login, sessions, throttle
from dashboard.current import LINE
from phoneline import accounts
from phoneline.models import Account
from phoneline.queue_server import QueueServer
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW, PASSWORD
from tests.dashboard.pages import StoppedLine, said, token
from tests.databases import ONE_KIND

EMAIL = EMAILS[AccountRole.COORDINATOR]


@pytest.fixture
def app(line: StoppedLine) -> Flask:
    """Pages at which nobody has guessed yet."""
    return pages.pages(line)


def try_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, wanted: str = "/") -> tuple[int, str]:
    form = {"email": email, "password": password, "next": wanted, "csrf_token": token(client)}
    answer = client.post("/login", data=form)
    return answer.status_code, answer.headers.get("Location", answer.text)


def at(app: Flask, line: StoppedLine, later: timedelta) -> None:
    app.extensions[LINE] = replace(line, at=NOW + later)


@ONE_KIND
def test_the_right_password_opens_the_page_that_was_asked_for(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/log?kind=call").headers["Location"] == "/login?next=/log?kind%3Dcall"
    assert try_in(client, wanted="/log?kind=call") == (303, "/log?kind=call")
    assert client.get("/log").status_code == 200


@ONE_KIND
@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "log", "/\t/a", ""]
)
def test_after_login_one_stays_on_this_site(app: Flask, elsewhere: str) -> None:
    assert try_in(app.test_client(), wanted=elsewhere) == (303, "/")


@ONE_KIND
@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "not the password"), ("nobody@example.org", PASSWORD), ("", ""), (EMAIL, "x" * 5000), ("é\x00", "\x00")],
)
def test_every_failure_reads_the_same(app: Flask, email: str, password: str) -> None:
    status, text = try_in(app.test_client(), email, password)
    assert status == 401
    assert said(login.WRONG) in text


@ONE_KIND
def test_a_failed_form_keeps_the_address_and_forgets_the_password(app: Flask) -> None:
    _, text = try_in(app.test_client(), '"><script>x</script>@example.org', "not the password")
    assert said('"><script>x</script>@example.org') in text
    assert "<script>x" not in text
    assert "not the password" not in text


@ONE_KIND
def test_the_address_may_be_written_in_capitals(app: Flask) -> None:
    assert try_in(app.test_client(), f" {EMAIL.upper()} ")[0] == 303


@ONE_KIND
def test_guessing_is_slowed_down_and_says_so(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        assert try_in(client, password="not the password")[0] == 401
    status, text = try_in(client)
    assert status == 429
    assert said(login.TOO_OFTEN) in text
    assert said(EMAIL) in text


@ONE_KIND
def test_behind_a_proxy_one_who_guesses_keeps_nobody_else_out(app: Flask) -> None:
    def guess(told: str) -> int:
        client = app.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = told
        return try_in(client, password="not the password")[0]

    assert [guess("203.0.113.9") for _ in range(5)] == [401] * 5
    assert guess("198.51.100.7, 203.0.113.9") == 429, "what they wrote themselves counts for nothing"
    assert guess("203.0.113.9, 198.51.100.7") == 401


@pytest.mark.parametrize(
    ("peer", "told", "whence"),
    [
        ("127.0.0.1", "", "127.0.0.1/32"),
        ("127.0.0.1", "no address", "127.0.0.1/32"),
        ("127.0.0.1", "10.1.1.1, 203.0.113.9", "203.0.113.9/32"),
        ("10.0.0.2", "2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("::1", "203.0.113.9", "203.0.113.9/32"),
        ("93.184.216.34", "203.0.113.9", "93.184.216.34/32"),
        ("", "203.0.113.9", "203.0.113.9/32"),
        ("", "", "nowhere"),
    ],
)
def test_only_a_proxy_that_is_near_is_believed_where_somebody_comes_from(peer: str, told: str, whence: str) -> None:
    assert throttle.came_from(peer, told) == whence


@ONE_KIND
def test_who_logs_in_often_is_never_slowed_down(app: Flask) -> None:
    for _ in range(7):  # of failures there may be five
        assert try_in(app.test_client())[0] == 303


@ONE_KIND
def test_login_works_while_the_queue_server_is_away(app: Flask) -> None:
    redis_url = app.extensions[LINE].settings.redis_url
    assert redis_url == "unix:///nowhere/queue.sock"
    assert try_in(app.test_client())[0] == 303


@ONE_KIND
def test_every_web_process_counts_the_same_tries(line: StoppedLine, tmp_path: Path) -> None:
    with QueueServer(tmp_path / "queue") as server:
        shared = replace(line, settings=replace(line.settings, redis_url=server.url))
        for _ in range(5):
            assert try_in(pages.pages(shared).test_client(), password="not the password")[0] == 401
        assert try_in(pages.pages(shared).test_client())[0] == 429


@ONE_KIND
def test_a_queue_server_that_goes_away_keeps_nobody_out(line: StoppedLine, tmp_path: Path) -> None:
    with QueueServer(tmp_path / "queue") as server:
        app = pages.pages(replace(line, settings=replace(line.settings, redis_url=server.url)))
        assert try_in(app.test_client())[0] == 303
    assert try_in(app.test_client())[0] == 303


@ONE_KIND
def test_login_without_a_token_is_refused_and_the_form_comes_back(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert said(login.TOO_LATE) in answer.text
    assert said(EMAIL) in answer.text


@ONE_KIND
def test_nothing_of_the_session_before_survives_a_login(app: Flask) -> None:
    client = app.test_client()
    before = token(client)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        old = session["csrf_token"]
    assert client.post("/login", data={"email": EMAIL, "password": PASSWORD, "csrf_token": before}).status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != old


@ONE_KIND
def test_the_cookie_is_out_of_reach(app: Flask) -> None:
    client = app.test_client()
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token(client)}
    cookie = client.post("/login", data=form).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


@ONE_KIND
def test_over_https_the_cookie_is_secure(line: StoppedLine) -> None:
    secure = replace(line, settings=replace(line.settings, public_url="https://line.example.org"))
    assert pages.pages(secure).config["SESSION_COOKIE_SECURE"] is True


@ONE_KIND
def test_logging_out_ends_it(coordinator: FlaskClient) -> None:
    answer = coordinator.post("/logout", data={"csrf_token": token(coordinator, "/")})
    assert answer.headers["Location"] == "/login"
    assert coordinator.get("/").status_code == 302


@ONE_KIND
def test_half_a_day_away_ends_it(app: Flask, line: StoppedLine, coordinator: FlaskClient) -> None:
    at(app, line, timedelta(hours=11))
    assert coordinator.get("/").status_code == 200
    at(app, line, timedelta(hours=22))
    assert coordinator.get("/").status_code == 200
    at(app, line, timedelta(hours=35))
    assert coordinator.get("/").status_code == 302


@ONE_KIND
def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(
    app: Flask, line: StoppedLine, coordinator: FlaskClient
) -> None:
    for hours in (4, 8, 11):
        at(app, line, timedelta(hours=hours))
        assert coordinator.get("/now", headers={"HX-Request": "true"}).status_code == 200
    at(app, line, timedelta(hours=13))
    answer = coordinator.get("/now", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login")


@ONE_KIND
def test_a_new_password_ends_logins_made_with_the_old_one(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        accounts.change_password(session, EMAIL, "four other long words")
    assert coordinator.get("/").status_code == 302


@ONE_KIND
def test_a_hash_made_anew_at_login_ends_no_other_session(
    app: Flask, line: StoppedLine, coordinator: FlaskClient
) -> None:
    weak = select(Account.password_hash).filter_by(role=AccountRole.COORDINATOR)
    with line.database.reading() as session:
        before = session.scalars(weak).one()
    assert try_in(app.test_client())[0] == 303
    with line.database.reading() as session:
        assert session.scalars(weak).one() != before
    assert coordinator.get("/").status_code == 200


@ONE_KIND
def test_an_old_password_that_is_checked_while_it_changes_opens_nothing(app: Flask, line: StoppedLine) -> None:
    with line.database.reading() as session:
        checked = session.scalars(select(Account).filter_by(role=AccountRole.COORDINATOR)).one()
    with line.database.transaction() as session:
        accounts.change_password(session, EMAIL, "four other long words")
    with app.test_request_context():
        sessions.begin(checked)
        assert "id" not in cookie


@ONE_KIND
def test_a_removed_account_is_out_at_once(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        session.execute(delete(Account))
    assert coordinator.get("/").status_code == 302


@ONE_KIND
def test_a_tampered_cookie_is_nobody(app: Flask, coordinator: FlaskClient) -> None:
    cookie = coordinator.get_cookie("phoneline")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie("phoneline", cookie.value[:-3] + "abc")
    assert client.get("/").status_code == 302


@ONE_KIND
def test_who_is_logged_in_skips_the_form(coordinator: FlaskClient) -> None:
    assert coordinator.get("/login?next=/log").headers["Location"] == "/log"
