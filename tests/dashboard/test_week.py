import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from dashboard import queries_coming, week_view
from dashboard.queries_week import Alike
from phoneline.models import Checkin, CheckinPlan
from phoneline.states import CheckinState
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import HOUR, MINUTE, NOW, Evening
from tests.dashboard.full_day import FullDay
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND


@pytest.fixture
def app(line: StoppedLine) -> Flask:
    """Pages that have counted no day yet."""
    return pages.pages(line)


@pytest.fixture
def week(line: StoppedLine) -> FullDay:
    with line.database.transaction() as session:
        full = FullDay(session, Evening(session)).fill()
        full.week()
        full.ahead()
        return full


@ONE_KIND
def test_the_last_week_is_told_in_numbers_that_say_how_they_are_counted(
    coordinator: FlaskClient, week: FullDay
) -> None:
    text = words(coordinator.get("/check-ins/week").text)
    assert "heard from in time 91 % Of 24 check-ins" in text
    assert "attempts needed 1.5 Attempts for each check-in" in text
    assert "late 1 / 7 min From the planned time" in text
    assert "with their usual volunteer 83 % Of six conversations" in text


@ONE_KIND
def test_a_day_that_changes_no_more_is_counted_once(line: StoppedLine, coordinator: FlaskClient, week: FullDay) -> None:
    def in_time() -> str:
        return words(coordinator.get("/check-ins/week").text).split("heard from in time ")[1].split(" %")[0]

    def unreached(days: int) -> None:
        with line.database.transaction() as session:
            session.get_one(Checkin, week.checkins[f"Cy, {days} days ago"].id).state = CheckinState.UNREACHED

    assert in_time() == "91"
    unreached(3)
    assert in_time() == "91"
    unreached(1)
    assert in_time() == "87"


@ONE_KIND
def test_the_days_ahead_are_worked_out_from_the_plans(
    line: StoppedLine, coordinator: FlaskClient, week: FullDay
) -> None:
    text = words(coordinator.get("/check-ins/week").text)
    assert "Tomorrow 09:00 Amina, 11:00 Kofi, 13:00 Jo Thursday" in text
    assert "Thursday 09:00 Amina, 10:00 Ole, 11:00 Kofi, 12:00 Lia, and one more Friday" in text
    assert "Monday 09:00 Amina, 11:00 Kofi, 13:00 Jo" in text
    with line.database.transaction() as session:
        amina = week.checkins["Amina"].person_id
        session.execute(update(CheckinPlan).where(CheckinPlan.person_id == amina).values(paused_from=NOW))
    text = words(coordinator.get("/check-ins/week").text)
    assert "Tomorrow 11:00 Kofi, 13:00 Jo Thursday" in text


@ONE_KIND
def test_what_is_laid_out_for_tomorrow_stands_among_them_once(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        who = factories.person(session, now=NOW, name="Sam")
        due_at = NOW.replace(hour=15, minute=0)
        plan = factories.plan(
            session,
            who,
            due_at.astimezone(factories.TORONTO).replace(tzinfo=None),
            NOW,
            rrule="FREQ=DAILY;COUNT=2",
            laid_out_until=NOW + 36 * HOUR,
        )
        factories.checkin(session, plan, due_at)
    assert "Tomorrow 10:00 Sam Thursday 10:00 Sam As the plans" in words(coordinator.get("/check-ins/week").text)
    assert "Wednesday" not in words(coordinator.get("/check-ins/week?day=2026-11-19").text)


@ONE_KIND
def test_of_too_many_plans_the_days_ahead_are_not_told(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        who = factories.person(session, now=NOW)
        for minute in range(queries_coming.MOST_PLANS + 1):
            factories.plan(session, who, NOW.replace(tzinfo=None) + minute * MINUTE, NOW)
    assert "There are too many plans" in words(coordinator.get("/check-ins/week").text)


@ONE_KIND
def test_without_anything_the_page_says_what_will_be_here(coordinator: FlaskClient) -> None:
    text = words(coordinator.get("/check-ins/week", headers={"HX-Request": "true"}).text)
    assert "Nobody is to be called on the days ahead." in text
    assert "When check-ins have been made for a day" in text
    assert "phoneline" not in text


@pytest.mark.parametrize(
    ("late", "told"),
    [
        ({0: 95, 3: 5}, "1 / 1 min"),
        ({0: 94, 3: 6}, "1 / 4 min"),
        ({1: 50, 2: 44, 59: 6}, "2 / 60 min"),
        ({-1: 1}, "1 / 1 min"),
    ],
)
def test_half_and_nearly_all_are_told_in_whole_minutes(late: dict[int, int], told: str) -> None:
    found = [Alike(True, 0, minutes, None, count) for minutes, count in late.items()]
    assert [one.value for one in week_view.figures(found, 60)][1] == told
