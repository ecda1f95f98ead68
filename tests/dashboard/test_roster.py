import gzip
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from dashboard import roster_cover
from dashboard.roster_cover import DASH, span
from dashboard.roster_view import short_names
from phoneline.cover import Level, Stretch
from phoneline.models import ShiftHours
from phoneline.states import Role
from tests import factories
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_now import words

MONDAY = datetime(2026, 11, 16)  # noqa: DTZ001 - a wall clock
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WIRE = 150_000


@pytest.fixture
def roster(line: StoppedLine) -> dict[str, str]:
    """A week with a night, a backup, an open shift, one who learns, and a date that is off. Ids by name."""
    with line.database.transaction() as session:
        team = {
            name: factories.person(session, Role.VOLUNTEER, now=NOW, name=name) for name in ("Ana Silva", "Kim", "Bo")
        }
        weekly = "FREQ=WEEKLY"
        factories.shift(session, team["Ana Silva"], MONDAY + 22 * HOUR, MONDAY + 30 * HOUR, NOW, rrule=weekly)
        factories.shift(session, team["Kim"], MONDAY + 2 * DAY, MONDAY + 2 * DAY + 4 * HOUR, NOW, tier=2)
        factories.shift(session, None, MONDAY + 3 * DAY + 10 * HOUR, MONDAY + 3 * DAY + 16 * HOUR, NOW)
        factories.shift(
            session, team["Bo"], MONDAY + 4 * DAY + 9 * HOUR, MONDAY + 4 * DAY + 10 * HOUR, NOW, shadow=True
        )
        off = factories.shift(session, team["Kim"], MONDAY + 5 * DAY, MONDAY + 5 * DAY + HOUR, NOW)
        gone = update(ShiftHours).where(ShiftHours.shift_id == off.id)
        session.execute(gone.values(off=True, ends_at=ShiftHours.starts_at))
        return {name: person.id for name, person in team.items()}


def flat(text: str) -> str:
    """A page's words, with plain dashes."""
    return words(text).replace(DASH, "-")


def fed(client: FlaskClient, first: str = "2026-11-16", after: str = "2026-11-23") -> list[dict[str, Any]]:
    answer = client.get(f"/roster/hours.json?from={first}&until={after}")
    assert answer.headers["Cache-Control"] == "no-store"
    found: list[dict[str, Any]] = answer.get_json()["hours"]
    return found


def test_a_week_is_told_by_day_in_words(volunteer: FlaskClient, roster: dict[str, str]) -> None:
    text = flat(volunteer.get("/roster").text)
    assert "Two gaps this week. The next: nobody from 19:14 until tomorrow 00:00." in text
    assert "Monday 16 November 22:00-06:00 Ana Tuesday 17 November, today nobody Cover 19:14-24:00 nobody" in text
    assert "Wednesday 18 November nobody Backup 00:00-04:00 Kim Cover 00:00-04:00 one of one 04:00-24:00 nobody" in text
    assert "10:00-16:00 open" in text
    assert "09:00-10:00 Bo learning" in text
    assert "Saturday 21 November nobody Cover 00:00-24:00 nobody Sunday" in text, "what is off isn't shown"


def test_a_night_is_on_its_second_day_too_when_that_is_looked_at(
    volunteer: FlaskClient, roster: dict[str, str]
) -> None:
    assert "22:00-06:00 Ana" in flat(volunteer.get("/roster?show=day").text)
    assert "22:00-06:00 Ana" not in flat(volunteer.get("/roster?show=day&day=2026-11-18").text)
    earlier = volunteer.get("/roster?day=2026-11-25").text
    assert "day=2026-11-18" in earlier
    assert "day=2026-12-02" in earlier


def test_the_calendar_is_fed_wall_clocks_and_words(volunteer: FlaskClient, roster: dict[str, str]) -> None:
    night, backup, free, learning = fed(volunteer)
    assert (night["starts"], night["ends"]) == ("2026-11-16T22:00", "2026-11-17T06:00")
    assert (night["who"], night["kind"], night["repeats"]) == ("Ana", "first", True)
    assert flat(night["told"]) == "Ana Silva, first, Monday 16 November 22:00-06:00"
    assert (backup["kind"], free["kind"], learning["kind"]) == ("backup", "open", "learning")
    assert backup["marks"] == ["backup"]
    assert not any(one["may_change"] for one in (night, backup, free, learning))


@pytest.mark.parametrize("query", ["", "from=2026-11-16", "from=x&until=y", "from=2026-11-16&until=2026-12-29"])
def test_a_feed_of_no_days_or_too_many_is_refused(volunteer: FlaskClient, query: str) -> None:
    assert volunteer.get(f"/roster/hours.json?{query}").status_code == 400


def test_strangers_get_no_feed(app: Flask) -> None:
    asked = app.test_client().get("/roster/hours.json", headers={"Accept": "application/json"})
    assert asked.status_code == 401


def test_a_month_of_many_is_a_handful_of_questions(line: StoppedLine, volunteer: FlaskClient) -> None:
    with line.database.transaction() as session:
        for index in range(40):
            person = factories.person(session, Role.VOLUNTEER, now=NOW, name=f"Volunteer {index}")
            factories.shift(
                session, person, MONDAY + index * HOUR, MONDAY + (index + 4) * HOUR, NOW, rrule="FREQ=DAILY"
            )
    asked: list[str] = []
    event.listen(line.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert len(fed(volunteer, "2026-11-17", "2026-12-17")) > 1000
    assert len(asked) <= 12


def test_a_roster_without_anybody_says_so(volunteer: FlaskClient) -> None:
    assert "00:00-24:00" not in flat(volunteer.get("/roster?day=2026-11-10").text), "what is past is no gap"
    assert "Nobody is on the roster this week." in volunteer.get("/roster").text
    assert "Nobody is on the roster next week." in volunteer.get("/roster?day=2026-11-24").text


def test_the_page_is_light_on_the_wire(app: Flask, coordinator: FlaskClient, roster: dict[str, str]) -> None:
    text = coordinator.get("/roster").text
    files = {part.split('"')[0] for part in text.split('"/static/')[1:]}
    total = len(text.encode())
    for path in files:
        answer = app.test_client().get(f"/static/{path}", headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == app.test_client().get(f"/static/{path}").data
        total += len(answer.data)
    assert len(files) > 6
    assert total < WIRE


def test_first_names_are_enough_until_two_are_the_same() -> None:
    named = {"a": "Ana Silva", "b": "Ana Reyes", "c": "Kim", "d": "Kim", "e": "Bo Li"}
    assert short_names(named) == {"a": "Ana S.", "b": "Ana R.", "c": "Kim", "d": "Kim", "e": "Bo"}
    assert short_names({"a": "Ana Silva", "b": "Ana Sanz"}) == {"a": "Ana Silva", "b": "Ana Sanz"}


def test_a_span_ends_at_midnight_as_the_day_does() -> None:
    def said(hours: int) -> str:
        return flat(span(NOW, NOW + timedelta(hours=hours) - timedelta(minutes=14), factories.TORONTO))

    assert said(5) == "19:14-24:00"
    assert said(11) == "19:14-06:00"
    assert said(5 + 24) == "19:14-24:00"
    assert said(5 + 48) == "19:14-24:00 Thursday"


def test_cover_is_told_by_stretch_against_what_is_needed_and_wished_for() -> None:
    def level(had: int, minimum: int = 1, wished: int = 2) -> tuple[Level, ...]:
        return (Level(None, had, minimum, wished),)

    hours = [NOW + index * HOUR for index in range(6)]
    told = [(0, level(0)), (1, level(1)), (1, level(1)), (2, level(2)), (0, ())]
    stretches = [Stretch(hours[i], hours[i + 1], had, levels) for i, (had, levels) in enumerate(told)]
    found = roster_cover.of_day(MONDAY.date() + DAY, stretches, factories.TORONTO)
    assert [(flat(one.span), one.words, one.kind) for one in found] == [
        ("19:14-20:14", "nobody", "gap"),
        ("20:14-22:14", "one of two wished for", "thin"),
        ("22:14-23:14", "two, one needed", "enough"),
    ]
    assert [one.kind for one in roster_cover.behind(stretches, factories.TORONTO)] == ["gap", "thin"]
