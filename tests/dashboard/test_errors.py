from dataclasses import replace

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from dashboard.current import LINE
from phoneline.db import Database
from tests.dashboard import pages
from tests.dashboard.pages import StoppedLine, said
from tests.databases import ONE_KIND, Databases


@pytest.fixture
def app(line: StoppedLine) -> Flask:
    """Pages of this test alone, which may break them."""
    return pages.pages(line)


@ONE_KIND
def test_an_unknown_address_says_so_kindly(app: Flask) -> None:
    answer = app.test_client().get("/nothing-here")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@ONE_KIND
def test_whoever_may_not_reads_why(volunteer: FlaskClient) -> None:
    answer = volunteer.get("/log")
    assert answer.status_code == 403
    assert "This page is for coordinators" in answer.text


@ONE_KIND
def test_without_a_database_the_page_says_that_calls_are_answered(
    app: Flask, line: StoppedLine, coordinator: FlaskClient, databases: Databases
) -> None:
    with databases.bare("sqlite") as url:
        broken = Database(url)
        app.extensions[LINE] = replace(line, database=broken)
        for path in ("/", "/log", "/now"):
            answer = coordinator.get(path)
            assert answer.status_code == 503
            assert "Calls are still answered" in answer.text
            assert "Traceback" not in answer.text
        broken.close()


@ONE_KIND
def test_what_goes_wrong_shows_no_traceback(
    app: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ValueError("a secret detail")

    app.testing = False
    monkeypatch.setitem(app.view_functions, "now.page", fail)
    answer = coordinator.get("/")
    assert answer.status_code == 500
    assert said("Something went wrong here") in answer.text
    assert "secret detail" not in answer.text


@ONE_KIND
def test_what_belongs_to_others_is_answered_as_they_do(app: Flask) -> None:
    app.add_url_rule("/webhooks/there", "there", lambda: abort(403))
    assert "<h1>Forbidden</h1>" in app.test_client().get("/webhooks/there").text
    assert "coordinators" not in app.test_client().get("/webhooks/elsewhere").text
