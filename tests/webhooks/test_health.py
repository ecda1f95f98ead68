from datetime import timedelta

import pytest
from flask import Flask

from phoneline import clock
from phoneline.db import Database
from phoneline.models import Pulse


def pulse(database: Database, seconds_ago: float) -> None:
    with database.transaction() as session:
        session.merge(Pulse(name="clock", at=clock.now() - timedelta(seconds=seconds_ago)))


def test_a_process_that_serves_says_so_without_a_cookie(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert "Set-Cookie" not in answer.headers


def test_readiness_names_each_part_and_what_it_lacks(app: Flask, database: Database) -> None:
    pulse(database, 1)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    found = answer.json
    assert found is not None
    assert sorted(found) == ["clock", "database", "queue", "workers"]
    assert (found["database"], found["clock"]) == ("ok", "ok")
    assert found["queue"].startswith("can't be reached")
    assert found["workers"] != "ok"
    assert "nowhere" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("seconds_ago", [None, 60])
def test_a_clock_that_does_not_tick_is_missed(app: Flask, database: Database, seconds_ago: float | None) -> None:
    if seconds_ago is not None:
        pulse(database, seconds_ago)
    found = app.test_client().get("/readyz").json
    assert found is not None
    assert found["clock"].endswith("run `phoneline clock`")
    assert found["database"] == "ok"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_looked_at(app: Flask, path: str) -> None:
    assert app.test_client().post(path).status_code == 405
