import re

import pytest
from flask import Flask

from dashboard import access
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.pages import token
from tests.databases import ONE_KIND

OURS = (
    "accounts",
    "second_step",
    "join",
    "you",
    "assets",
    "login",
    "now",
    "alarms",
    "team",
    "cover",
    "sheet",
    "week",
    "letter",
    "feeds",
    "calendar_files",
    "log",
    "contact",
    "listening",
    "late_outcome",
    "owning",
    "follow_ups",
    "seen",
    "not_heard",
    "people",
    "person",
    "person_edit",
    "person_merge",
    "recognise",
    "person_notes",
    "person_numbers",
    "person_team",
    "consent",
    "plans",
    "agreed",
    "settings",
    "hours",
    "reports",
    "setting_log",
    "limits",
    "apart",
    "prompts",
    "rights",
    "roster",
    "roster_log",
    "roster_person",
    "my_shifts",
    "me",
    "debriefs",
    "shares",
    "roster_moves",
    "roster_quick",
    "shift",
    "holidays",
    "programme",
    "activity",
    "signup",
    "balance",
    "music",
    "phones",
)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of every page."""
    found: list[tuple[str, str, str]] = []
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        path = re.sub(r"<(?:\w+:)?(\w+)>", "made-up", rule.rule)
        found.extend((rule.endpoint, method, path) for method in sorted(methods))
    return found


@ONE_KIND
def test_every_page_stands_in_the_table(app: Flask) -> None:
    endpoints = {endpoint for endpoint, _, _ in routes(app)}
    assert endpoints == set(access.MAY) | set(access.PUBLIC)
    assert {endpoint.partition(".")[0] for endpoint in endpoints} == set(OURS)
    assert set(access.UNATTENDED) <= set(access.MAY)


@ONE_KIND
def test_nobody_gets_in_without_a_login(app: Flask) -> None:
    for endpoint, method, path in routes(app):
        if endpoint not in access.PUBLIC:
            answer = app.test_client().open(path, method=method)
            assert answer.status_code == 302, endpoint
            assert answer.headers["Location"].startswith("/login"), endpoint


@ONE_KIND
@pytest.mark.parametrize("role", list(AccountRole))
def test_each_role_gets_what_the_table_says(app: Flask, role: AccountRole) -> None:
    client = pages.logged_in(app, role)
    forgery = token(client, "/")
    for endpoint, method, path in routes(app):
        if endpoint in access.PUBLIC or endpoint == "login.leave":
            continue
        answer = client.open(path, method=method, data={"csrf_token": forgery} if method == "POST" else None)
        assert (answer.status_code != 403) == access.may(role, endpoint), endpoint


def test_volunteers_see_the_first_page_what_is_about_shifts_and_what_is_on() -> None:
    theirs = {endpoint for endpoint in access.MAY if access.may(AccountRole.VOLUNTEER, endpoint)}
    assert theirs == {
        *("now.page", "now.live", "login.leave"),
        *("roster.page", "roster.hours", "roster_log.page", "my_shifts.page", "my_shifts.act"),
        *("letter.page", "letter.thank", "letter.take_back", "letter.propose", "letter.vote"),
        *("feeds.page", "feeds.make", "feeds.revoke"),
        *("me.page", "me.live", "me.shift", "me.call", "me.say", "me.change", "me.debrief", "me.practice"),
        *("programme.page", "programme.poster"),
        *("second_step.ask", "second_step.check", "second_step.page"),
        *("second_step.begin", "second_step.keep", "second_step.recovery"),
        *("you.page", "you.looks", "you.password", "you.end", "you.end_others"),
    }


@ONE_KIND
def test_no_post_counts_without_a_token(app: Flask) -> None:
    client = pages.logged_in(app, AccountRole.ADMIN)
    for endpoint, method, path in routes(app):
        if method == "POST":
            assert client.post(path).status_code == 400, endpoint
            assert client.post(path, data={"csrf_token": "made up"}).status_code == 400, endpoint


@ONE_KIND
def test_what_is_not_in_the_table_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = pages.logged_in(app, AccountRole.ADMIN)
    monkeypatch.setattr(access, "MAY", {})
    assert client.get("/").status_code == 403


def test_phones_are_there_only_when_the_carrier_is_simulated(line: pages.StoppedLine) -> None:
    url = line.settings.database_url
    real = pages.stopped_line(line.database, pages.settings(url, TWILIO_ACCOUNT_SID="AC" + "1" * 32))
    client = pages.logged_in(pages.pages(real), AccountRole.ADMIN)
    assert client.get("/phones").status_code == 404
    assert client.get("/phones/state").status_code == 404
    assert client.post("/phones/ana/call").status_code == 404
    assert "Phones" not in client.get("/").text
