"""Opening hours: filled in day by day, tried, saved, in words; and the days on which the line stays closed."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard import hours_form, hours_view
from dashboard.times import Moment
from phoneline import change_log, hours, setting_changes
from phoneline.hours import Calendar
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_contact import words
from tests.dashboard.test_settings import stored
from tests.databases import ONE_KIND
from tests.factories import TORONTO

WEEK = {f"{name}-{day}-0": clock for day in range(5) for name, clock in (("starts", "09:00"), ("ends", "21:00"))}
NIGHT = {"starts-5-0": "18:00", "ends-5-0": "02:00", "starts-5-1": "10:00", "ends-5-1": "12:00"}


def send(client: FlaskClient, seen: str = "always", **fields: str) -> TestResponse:
    return client.post("/settings/hours", data={"csrf_token": token(client, "/"), "seen": seen, **fields})


@ONE_KIND
def test_the_hours_of_a_week_are_tried_saved_and_said_in_words(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert "The line is open at any hour." in coordinator.get("/settings/hours").text
    tried = words(send(coordinator, **WEEK, **NIGHT, **{"try": "yes"}).text)
    assert "Not saved yet. The line is open now until 21:00." in tried
    assert "Saturday 21 November 10:00 to 12:00 and 18:00 to 02:00 in the night" in tried
    assert "Sunday 22 November closed" in tried
    assert stored(line, "line_hours") == "always"
    saved = coordinator.get(send(coordinator, **WEEK, **NIGHT, save="yes").headers["Location"]).text
    assert stored(line, "line_hours") == "mon-fri 09:00-21:00; sat 10:00-12:00; sat 18:00-02:00"
    assert "Saved. It holds from the next call on." in words(saved)
    assert send(coordinator, save="yes", always="yes").status_code == 409, "somebody changed it since"
    assert "The line is open now until 21:00." in coordinator.get("/settings").text


@ONE_KIND
def test_hours_that_will_not_do_are_refused_beside_the_day_and_stay(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    half = send(coordinator, **{"starts-2-0": "09:00", "save": "yes"})
    assert half.status_code == 422
    assert 'id="day-2-problem"' in half.text
    assert 'value="09:00"' in half.text
    assert "at least one day" in send(coordinator, save="yes").text
    copied = send(coordinator, **{"starts-0-0": "08:15", "ends-0-0": "17:00", "copy": "yes"})
    assert copied.text.count('value="08:15"') == 5
    assert stored(line, "line_hours") == "always"


@ONE_KIND
def test_a_day_is_closed_and_opened_again(line: StoppedLine, coordinator: FlaskClient) -> None:
    def close(**fields: str) -> TestResponse:
        return coordinator.post("/settings/hours/closed", data={"csrf_token": token(coordinator, "/"), **fields})

    assert close(day="2026-11-18").status_code == 303
    assert close(day="2026-12-25", yearly="yes").status_code == 303
    assert stored(line, "closed_days") == "2026-11-18, 12-25"
    assert [close(day=day).status_code for day in ("0001-01-01", "tomorrow")] == [422, 422]
    assert "on the list already" in close(day="2027-12-25", yearly="yes").text
    assert close(day="soon").status_code == 422
    shown = words(coordinator.get("/settings/hours").text)
    assert "Wednesday 18 November closed, as you said" in shown
    assert "25 December, every year" in shown
    off = {"csrf_token": token(coordinator, "/")}
    assert coordinator.post("/settings/hours/closed/12-25/off", data=off).status_code == 303
    assert coordinator.post("/settings/hours/closed/12-25/off", data=off).status_code == 404
    assert coordinator.post("/settings/hours/closed/2026-11-18/off", data=off).status_code == 303
    assert stored(line, "closed_days") == "none"


@pytest.mark.parametrize(
    ("written", "closed", "says"),
    [
        ("tue 09:00-20:00; tue 19:30-22:00", "none", "The line is open now until 22:00."),
        ("wed 09:00-17:00", "none", "The line is closed now; it opens tomorrow 09:00."),
        ("mon-sun 00:00-24:00", "none", "The line is open at any hour."),
        ("always", "2026-11-19", "The line is open now until Thursday 00:00."),
        ("tue 09:00-10:00", "none", "The line is closed now; it opens on Tuesday 24 November 09:00."),
    ],
)
def test_now_in_a_sentence(written: str, closed: str, says: str) -> None:
    calendar = Calendar(hours.line_hours(written), hours.closed_days(closed), TORONTO)
    assert hours_view.now(calendar, Moment(NOW, TORONTO)) == says


def test_on_the_day_on_which_clocks_change_hours_are_as_said() -> None:
    before = Moment(datetime(2026, 10, 31, 16, tzinfo=UTC), TORONTO)
    calendar = Calendar(hours.line_hours("sat-sun 00:00-24:00"), hours.NO_DAYS, TORONTO)
    assert [one.says for one in hours_view.week(calendar, before, {})][:3] == ["all day", "all day", "closed"]


CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))
DAYS = st.lists(st.sets(st.tuples(CLOCKS, CLOCKS), max_size=3), min_size=7, max_size=7)


@given(DAYS.filter(any))
def test_any_week_goes_through_the_form_and_means_the_same(days: list[set[tuple[object, object]]]) -> None:
    made = hours.of_days(days)  # type: ignore[arg-type]  # hypothesis' times
    again = hours_form.of(hours.line_hours(str(made)))
    fields = MultiDict(
        [
            (f"{name}-{day}-{row}", span[side])
            for day, spans in enumerate(again.days)
            for row, span in enumerate(spans)
            for side, name in enumerate(("starts", "ends"))
        ]
    )
    if again.always:
        fields["always"] = "yes"
    read = hours_form.read(fields).hours
    assert read is not None
    assert str(read) == str(made)
    if not again.always:
        assert [{(one[0], one[1]) for one in day if one[0]} for day in again.days] == [
            {(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in day} for day in days
        ]


@ONE_KIND
def test_hours_changed_at_the_command_line_stand_in_the_log(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        setting_changes.change(session, "line_hours", "mon-fri 09:00-21:00", change_log.COMMAND_LINE, NOW)
    shown = words(coordinator.get("/settings/changes").text)
    assert "When the line is open at any hour mon-fri 09:00-21:00 at the command line, 19:14" in shown
