"""Shifts on their page: made, changed for one date or more, taken off, undone; and holidays."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard import holidays as holiday_page
from dashboard.roster_cover import DASH
from phoneline import rosters
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.models import Holiday, Person, TextOut
from phoneline.recurrence import wall
from phoneline.states import Role
from tests import factories
from tests.dashboard.evening import DAY, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import Databases
from tests.factories import TORONTO

MONDAYS: dict[str, Any] = {
    "kind": "rung",
    "day": "2026-11-23",
    "starts": "18:00",
    "ends": "22:00",
    "tier": "1",
    "repeat": "weekly",
    "days": ["MO"],
    "every": "1",
}


@pytest.fixture
def database(databases: Databases, vault: Vault) -> Iterator[Database]:
    """Of one kind alone: what becomes of rows is looked at on both where shifts are planned."""
    with databases.opened("sqlite") as database:
        yield database


@pytest.fixture
def ana(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        return factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")


@pytest.fixture
def ravi(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        return factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi")


def send(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    filled = MultiDict({"csrf_token": token(client, "/")} | {name: form[name] for name in form})
    return client.post(path, data=filled, follow_redirects=True)


def on_roster(line: StoppedLine, days: int = 22) -> list[str]:
    with line.database.reading() as session:
        found = rosters.ahead(session, NOW, NOW + days * DAY)
        on = [(one.person, wall(one.starts_at, TORONTO), wall(one.ends_at, TORONTO)) for one in found]
        return [f"{who.name if who else 'open'} {starts:%d.%m %H:%M}-{ends:%H:%M}" for who, starts, ends in on]


def undo(client: FlaskClient, page: TestResponse) -> TestResponse:
    found = re.search(r'action="(/roster/shift/undo/[^"]+)"', page.text)
    assert found
    return send(client, found[1], on="2026-11-23T18:00:00")


def test_a_shift_is_made_changed_taken_off_and_all_of_that_undone(
    line: StoppedLine, coordinator: FlaskClient, ana: Person, ravi: Person
) -> None:
    assert 'value="2026-11-18"' in coordinator.get("/roster/new").text, "tomorrow, unless something else is asked for"
    made = send(coordinator, "/roster/new", **MONDAYS | {"who": ana.id})
    assert f"Ana: Monday 23 November, 18:00{DASH}22:00. Mondays at 18:00. It is on the roster now." in words(made.text)
    mondays = ["Ana 23.11 18:00-22:00", "Ana 30.11 18:00-22:00", "Ana 07.12 18:00-22:00"]
    assert on_roster(line) == mondays
    address = made.request.path
    # This date: Ravi, later.
    one = MONDAYS | {"who": ravi.id, "on": "2026-11-30T18:00:00", "day": "2026-11-30", "starts": "19:00"}
    changed = send(coordinator, address, which="one", **one)
    assert f"Ravi: Monday 30 November, 19:00{DASH}22:00." in words(changed.text)
    with_ravi = [mondays[0], "Ravi 30.11 19:00-22:00", mondays[2]]
    assert on_roster(line) == with_ravi
    # From the next on: another day, which takes its weekday along, into the night.
    later = {"on": "2026-12-07T18:00:00", "day": "2026-12-08", "ends": "02:00"}
    rest = send(coordinator, address, which="from_here", **MONDAYS | {"who": ana.id} | later)
    assert f"Ana: Tuesday 8 December, 18:00{DASH}02:00. Tuesdays at 18:00. It is changed." in words(rest.text)
    assert rest.request.path != address
    assert on_roster(line) == [*with_ravi[:2], "Ana 08.12 18:00-02:00"]
    # All of the first: what was changed by itself keeps what is its own.
    everything = send(coordinator, address, which="all", on="2026-11-23T18:00:00", **MONDAYS | {"who": ""})
    assert "Nobody yet: Monday 23 November" in words(everything.text)
    assert on_roster(line) == ["open 23.11 18:00-22:00", "Ravi 30.11 19:00-22:00", "Ana 08.12 18:00-02:00"]
    off = send(coordinator, everything.request.path + "/off", which="one", on="2026-11-23T18:00:00")
    assert said("Monday 23 November: this shift doesn't take place that day.") in off.text
    assert "Let it take place" in off.text
    for page in (off, everything, rest, changed):
        back = undo(coordinator, page)
        assert "It is as it was before." in back.text
    assert on_roster(line) == mondays
    undo(coordinator, made)
    assert on_roster(line) == []
    with line.database.reading() as session:
        assert len(session.scalars(select(TextOut)).all()) == 10


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"starts": ""}, "starts", "Please write the time as hours and minutes, such as 10:00."),
    ({"day": "soon"}, "day", "Please write the day as year-month-day"),
    ({"every": "60"}, "every", "Please write a number of weeks from 1 to 52."),
    ({"repeat": "rule"}, "rrule", "Please write the rule"),
    ({"repeat": "rule", "rrule": "daily"}, "rrule", "This is not an RFC 5545 rule; write it like"),
    ({"until": "2026-11-01"}, "days", "The rule never comes about"),
    ({"kind": "duty"}, "who", "This person is no coordinator; choose one of them."),
    ({"kind": "learns", "who": ""}, "who", "Whose it is is missing; say who sits in."),
    ({"ends_on": "2027-03-01"}, "ends", "The end must be at most 31 days after the start"),
    ({"starts": "20:00"}, "who", "They are on another shift then, on Monday 23 November at 20:00."),
]


def test_what_will_not_do_is_said_beside_its_field_and_what_was_typed_is_kept(
    line: StoppedLine, coordinator: FlaskClient, ana: Person
) -> None:
    shift = send(coordinator, "/roster/new", **MONDAYS | {"who": ana.id}).request.path
    before = on_roster(line)
    for given, where, problem in REFUSED:
        answer = send(coordinator, "/roster/new", **MONDAYS | {"who": ana.id, "ends": "23:15"} | given)
        assert answer.status_code == 422, given
        assert f'id="{where}-problem"' in answer.text, given
        assert problem in words(answer.text), given
        assert 'value="23:15"' in answer.text
    there = {"on": "2026-11-30T18:00:00", "day": "2026-11-30", "which": "one", "who": ana.id}
    for given, problem in (
        ({"kind": "duty"}, "What it is is the same for all dates of a shift; make another shift."),
        ({"on": "2026-12-01T18:00:00"}, "This date isn't a date of this shift any more."),
        ({"ends": "26:00"}, "Please write the time as hours and minutes"),
    ):
        answer = send(coordinator, shift, **MONDAYS | there | given)
        assert answer.status_code == 422, given
        assert problem in words(answer.text).replace("&#39;", "'")
    assert on_roster(line) == before
    assert coordinator.get("/roster/shift/nothing").status_code == 404
    assert send(coordinator, "/roster/shift/undo/nothing").status_code == 404
    assert send(coordinator, f"{shift}/off", on="soon", which="one").status_code == 400


def test_a_coordinators_duty_is_found_again_on_the_roster(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        lee = factories.person(session, Role.COORDINATOR, now=NOW, name="Lee")
    given = MONDAYS | {"repeat": "once", "who": lee.id}
    refused = send(coordinator, "/roster/new", **given)
    assert "choose one, or, for a coordinator, their duty." in refused.text
    assert f'<option value="{lee.id}" selected>' in refused.text, "whom was chosen is still there"
    made = send(coordinator, "/roster/new", **given | {"kind": "duty"})
    week = coordinator.get("/roster?day=2026-11-23")
    assert f"Coordinators on duty Monday 23 November, 18:00{DASH}22:00 Lee" in words(week.text)
    assert made.request.path in week.text, "from there it is changed"
    assert "Nobody has duty on these days." in coordinator.get("/roster?day=2026-11-30").text


def test_a_shift_for_one_day_and_one_far_ahead_have_their_pages(
    line: StoppedLine, coordinator: FlaskClient, ana: Person
) -> None:
    once = {"who": ana.id, "repeat": "once", "ends": "17:00", "day": "2027-06-01", "ends_on": "2027-06-03"}
    page = send(coordinator, "/roster/new", **MONDAYS | once)
    assert "Ana: Tuesday 1 June 2027" in words(page.text)
    assert "What should change" not in page.text
    assert 'value="2027-06-03"' in page.text
    assert "One more like it" in page.text
    more = re.search(r'href="(/roster/new\?[^"]+)"', page.text)
    assert more
    again = coordinator.get(more[1].replace("&amp;", "&")).text
    assert 'value="2027-06-03"' in again
    assert ana.id not in more[1]


def test_a_holiday_takes_shifts_off_and_gives_them_back(
    line: StoppedLine, coordinator: FlaskClient, ana: Person
) -> None:
    assert "No holidays are on the list." in coordinator.get("/roster/holidays").text
    send(coordinator, "/roster/new", **MONDAYS | {"who": ana.id})
    for given, problem in (({"day": ""}, "Please write the day"), ({"day": "2026-11-01"}, holiday_page.PAST)):
        answer = send(coordinator, "/roster/holidays", **{"name": "A feast"} | given)
        assert answer.status_code == 422
        assert problem in words(answer.text)
        assert 'value="A feast"' in answer.text
    assert holiday_page.NO_NAME in send(coordinator, "/roster/holidays", day="2026-11-23").text
    page = send(coordinator, "/roster/holidays", day="2026-11-23", name="A feast", no_shifts="yes")
    assert "One holiday is to come" in words(page.text)
    assert "A feast Monday 23 November" in words(page.text)
    assert on_roster(line)[0] == "Ana 30.11 18:00-22:00"
    log = words(coordinator.get("/roster/changes").text)
    assert "took the shift of Ana, Monday 23 November 18:00 to 22:00 off the roster." in log
    gone = send(coordinator, "/roster/holidays/2026-11-23/off")
    assert "A feast is off the list." in words(gone.text)
    assert on_roster(line)[0] == "Ana 23.11 18:00-22:00"
    send(coordinator, "/roster/holidays", day="2026-11-23", name="A feast", no_shifts="yes")
    send(coordinator, "/roster/holidays", day="2026-11-23", name="A feast")
    assert on_roster(line)[0] == "Ana 23.11 18:00-22:00"
    with line.database.reading() as session:
        assert [one.no_shifts for one in session.scalars(select(Holiday))] == [False]
