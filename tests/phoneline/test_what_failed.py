"""One line of a log is enough to find the place of a failed statement, and says nothing about anybody."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from phoneline import alarms, logging_setup, ticker
from phoneline.db import Database
from phoneline.models import Contact
from phoneline.states import AlarmKind, ContactKind, FollowUp

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_it_names_the_rule_and_the_way_there(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    logging_setup.configure()
    try:
        with database.transaction() as session:
            alarms.raise_alarm(session, AlarmKind.URGENT_FOLLOW_UP, "something", NOW, "the contact's id")
    except IntegrityError:
        structlog.get_logger().exception("job_failed", job="any")
    told = capsys.readouterr().err
    line = json.loads(told)
    assert "the contact's id" not in told
    assert (line["event"], line["job"], line["kind"]) == ("job_failed", "any", "IntegrityError")
    sqlite = ("SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed")
    assert (line["code"], line["rule"]) == (sqlite if database.is_sqlite else ("23503", "fk_alarm_contact_id_contact"))
    way = [place.partition(":")[0] for place in line["at"].split(" > ")]
    assert way[-2:] == ["phoneline.alarms.raise_alarm", "phoneline.db.insert_or_ignore"]


def test_nothing_of_the_row_is_told_also_where_a_library_logs(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    logging_setup.configure()
    try:
        with database.transaction() as session:
            session.add(Contact(id="secret", at=NOW, kind=ContactKind.CALL, follow_up=FollowUp.WANTED))
    except IntegrityError as error:
        wrapped = RuntimeError("the view failed")
        wrapped.__cause__ = error
        logging.getLogger("flask.app").exception("Exception on /", exc_info=wrapped)
    told = capsys.readouterr().err
    assert "secret" not in told
    assert json.loads(told)["rule"].endswith("ck_contact_open_is_due")


def test_a_tick_that_fails_says_which_part_of_it() -> None:
    stop = threading.Event()

    def work() -> None:
        stop.set()
        raise IntegrityError("insert", {}, sqlite3.IntegrityError("UNIQUE constraint failed: alarm.subject"))

    with capture_logs() as logs:
        ticker._every_second(stop, ticker.Part("alarm", work))
    (line,) = logs
    assert (line["event"], line["part"], line["rule"]) == (
        *("tick_failed", "alarm"),
        "UNIQUE constraint failed: alarm.subject",
    )
