from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from dashboard import balance_view
from dashboard.balance_view import Share, Window
from dashboard.queries_balance import On
from phoneline.states import Role
from tests import factories
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_now import words

WEEK = timedelta(days=7)
WINDOW = Window(NOW - 4 * WEEK, NOW, NOW + 4 * WEEK, factories.TORONTO)


def span(person_id: str, begins: str, hours: float) -> On:
    """By the wall clock of Toronto."""
    starts = datetime.fromisoformat(begins).replace(tzinfo=factories.TORONTO).astimezone(UTC)
    return On(person_id, starts, starts + timedelta(hours=hours))


def shares(*found: On, by: str = "done") -> list[Share]:
    team = [("a", "Ana"), ("b", "Bo"), ("c", "Cy")]
    return list(balance_view.shares(team, found, {"b": 7}, WINDOW, by))


def counted(one: Share) -> tuple[float, int, float, float, float]:
    return one.done, one.shifts, one.nights, one.weekends, one.planned


def test_hours_are_counted_by_night_and_weekend_and_those_to_come_apart() -> None:
    friday_night = span("a", "2026-11-13T20:00", 8)
    under_way, to_come = span("a", "2026-11-17T18:14", 4), span("a", "2026-11-28T22:00", 9)
    [ana] = [one for one in shares(friday_night, under_way, to_come) if one.name == "Ana"]
    assert counted(ana) == (9, 2, 6, 4, 12)
    begun_before, much_later = span("c", "2026-10-20T12:14", 8), span("c", "2027-01-09T12:00", 5)
    [cy] = [one for one in shares(begun_before, much_later) if one.name == "Cy"]
    assert counted(cy) == (0, 0, 0, 0, 0)


def test_the_night_on_which_clocks_go_back_is_an_hour_longer() -> None:
    [ana] = [one for one in shares(span("a", "2026-10-31T22:00", 9)) if one.name == "Ana"]
    assert counted(ana) == (9, 1, 9, 9, 0)


def test_they_stand_in_the_order_of_the_column_that_was_asked_for() -> None:
    found = (span("a", "2026-11-13T12:00", 2), span("c", "2026-11-12T12:00", 6))
    assert [one.name for one in shares(*found)] == ["Cy", "Ana", "Bo"]
    assert [one.bar for one in shares(*found)] == [100, 33, 0]
    assert [one.name for one in shares(*found, by="calls")] == ["Bo", "Ana", "Cy"]
    assert [one.name for one in shares(*found, by="name")] == ["Ana", "Bo", "Cy"]


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ((), "Nobody was on a shift in the last four weeks."),
        ((7.5,), "Ana did all of the 7.5 hours in the last four weeks."),
        (
            (10, 12),
            (
                "Nobody carries more than twice an even share: two people did 22 hours in the last four weeks, "
                "from 10 (Ana) to 12 (Bo)."
            ),
        ),
        ((7.5, 7.5), "Evenly shared: two people did 7.5 hours each in the last four weeks."),
        (
            (2, 2, 20),
            "Unevenly shared: Cy did 20 of the 24 hours in the last four weeks; an even share of three people is 8.",
        ),
    ],
)
def test_one_sentence_says_whether_it_is_fair(done: tuple[float, ...], sentence: str) -> None:
    found = [span("abc"[index], "2026-11-10T00:00", hours) for index, hours in enumerate(done)]
    assert balance_view.answer(shares(*found), 4) == sentence


def test_the_page_counts_from_the_rows(line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient) -> None:
    monday = datetime(2026, 11, 9)  # noqa: DTZ001 - a wall clock
    with line.database.transaction() as session:
        ana, kim = (factories.person(session, Role.VOLUNTEER, now=NOW, name=name) for name in ("Ana", "Kim"))
        factories.shift(session, ana, monday, monday + timedelta(hours=4), NOW - 2 * WEEK, rrule="FREQ=WEEKLY")
        starts = monday + WEEK
        factories.shift(session, kim, starts, starts + timedelta(hours=2), NOW - 2 * WEEK, shadow=True)
        call = factories.call(session, NOW - WEEK)
        taken = factories.offer(session, call, ana, NOW - WEEK)
        taken.joined_at = NOW - WEEK
    text = words(coordinator.get("/roster/balance?weeks=4").text)
    assert "Ana did all of the 8 hours in the last four weeks." in text
    row = "Ana Hours done 8 Shifts 2 At night 8 At weekends 0 Conversations 1 Hours to come 16"
    assert row in text
    assert "Kim Hours done 0 Shifts 0" in text
    assert volunteer.get("/roster/balance").status_code == 403
    for odd in ("?weeks=1000&by=__class__", "?weeks=x", "?by=name"):
        assert coordinator.get(f"/roster/balance{odd}").status_code == 200


def test_without_volunteers_it_says_what_will_be_here(coordinator: FlaskClient) -> None:
    assert "When there are volunteers" in coordinator.get("/roster/balance").text
