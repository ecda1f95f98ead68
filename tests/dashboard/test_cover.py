"""How many people are needed is written down on a page, and what is missing stands there and on the first one."""

from collections.abc import Mapping
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from dashboard import cover_form, cover_words
from phoneline import cover_needs, live_settings
from phoneline.cover import HOLIDAY, Need
from phoneline.models import CoverNeed
from tests import factories
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND

EVENINGS: Mapping[str, object] = {"days": ["1", "2"], "starts": "18:00", "ends": "00:00", "minimum": "2", "wished": "3"}
TUESDAY_TO_MIDNIGHT = "Tuesday and Wednesday, 18:00 to midnight: at least two, better three."


def post(client: FlaskClient, path: str = "", fields: Mapping[str, object] | None = None) -> int:
    given = {"csrf_token": token(client, "/"), **(fields or {})}
    return client.post(f"/roster/cover{path}", data=given).status_code


def needs(line: StoppedLine) -> list[CoverNeed]:
    with line.database.reading() as session:
        return list(session.scalars(select(CoverNeed).order_by(CoverNeed.made_at, CoverNeed.ended_at)))


@ONE_KIND
def test_a_need_is_written_down_changed_taken_off_and_put_back(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    first = words(coordinator.get("/roster/cover").text)
    assert "One person is needed whenever the line is open. In the next four weeks two stretches have nobody." in first
    assert "Until you write something down here" in first
    assert post(coordinator, "", EVENINGS) == 303
    shown = words(coordinator.get("/roster/cover").text)
    assert TUESDAY_TO_MIDNIGHT in shown
    assert "Today 22:00 to midnight: nobody Tomorrow 18:00 to midnight: nobody" in shown, "three are on until ten"
    assert "Today 22:00 to midnight: nobody" in words(coordinator.get("/").text), "on the first page too"
    [need] = needs(line)
    form = coordinator.get(f"/roster/cover?change={need.id}").text
    assert 'value="18:00"' in form
    assert post(coordinator, "", {**EVENINGS, "minimum": "4", "wished": "", "instead": need.id}) == 303
    shown = words(coordinator.get("/roster/cover").text)
    assert "Tuesday and Wednesday, 18:00 to midnight: at least four." in shown
    assert "Now to 22:00: three of four" in shown
    assert "Taken off in the last 30 days" in shown
    standing = next(one for one in needs(line) if one.ended_at is None)
    assert post(coordinator, f"/{standing.id}/off") == 303
    assert post(coordinator, f"/{need.id}/back") == 303
    assert [one.id for one in needs(line) if one.ended_at is None] == [need.id]
    assert TUESDAY_TO_MIDNIGHT in words(coordinator.get("/roster/cover").text)


@ONE_KIND
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"days": []}, cover_form.NO_DAYS),
        ({"starts": "noon"}, cover_form.NO_TIME),
        ({"ends": ""}, cover_form.NO_TIME),
        ({"minimum": "two"}, cover_form.BAD_MINIMUM),
        ({"minimum": "51", "wished": "51"}, cover_form.BAD_MINIMUM),
        ({"wished": "1"}, cover_form.BAD_WISHED),
        ({"minimum": "0", "wished": "0"}, cover_form.BAD_WISHED),
    ],
)
def test_what_will_not_do_comes_back_as_it_was_filled_in(
    line: StoppedLine, coordinator: FlaskClient, wrong: dict[str, object], problem: str
) -> None:
    data = {"csrf_token": token(coordinator, "/"), **EVENINGS, **wrong}
    answer = coordinator.post("/roster/cover", data=data)
    assert answer.status_code == 422
    assert said(problem % {"most": cover_form.MOST_PEOPLE}) in answer.text
    assert f'value="{data["starts"]}"' in answer.text
    assert needs(line) == []


@ONE_KIND
def test_the_same_twice_is_one_and_there_is_an_end_to_them(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert [post(coordinator, "", EVENINGS) for _ in range(2)] == [303, 303]
    assert len(needs(line)) == 1
    with line.database.transaction() as session:
        for minutes in range(cover_needs.MOST):
            factories.cover_need(session, NOW, starts=time(minutes // 60, minutes % 60))
    assert post(coordinator, "", {**EVENINGS, "minimum": "3"}) == 422


@ONE_KIND
def test_volunteers_see_what_is_missing_and_write_no_needs(
    line: StoppedLine, volunteer: FlaskClient, busy_evening: Evening
) -> None:
    text = volunteer.get("/").text
    assert "Today 22:00 to tomorrow 09:00: nobody" in words(text)
    assert "/roster/cover" not in text
    assert (volunteer.get("/roster/cover").status_code, post(volunteer, "", EVENINGS)) == (403, 403)


@ONE_KIND
def test_nobody_is_needed_while_the_line_is_closed(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        live_settings.write(session, "line_hours", "tue 18:00-22:00; wed 09:00-13:00", NOW)
        live_settings.write(session, "closed_days", "11-24, 11-25, 12-01, 12-02, 12-08, 12-09, 12-15", NOW)
    text = words(coordinator.get("/").text)
    assert "Cover The next four weeks have enough people." in text


@ONE_KIND
def test_the_database_refuses_needs_that_mean_nothing(line: StoppedLine) -> None:
    for wrong in (
        {"days": 0},
        {"days": 256},
        {"tier": 3},
        {"minimum": -1},
        {"minimum": 2},
        {"minimum": 0, "wished": 0},
    ):
        with pytest.raises(IntegrityError), line.database.transaction() as session:
            factories.cover_need(session, NOW, **wrong)


@pytest.mark.parametrize(
    ("need", "says"),
    [
        (Need(frozenset(range(7)), time(), time(), 1, 1), "Every day, all day: at least one"),
        (
            Need(frozenset(range(5)), time(9), time(21), 1, 2),
            "Monday to Friday, 09:00 to 21:00: at least one, better two",
        ),
        (
            Need(frozenset({5, 6, HOLIDAY}), time(22), time(6), 1, 1, tier=2),
            "Saturday, Sunday and holidays, 22:00 to 06:00: at least one, as backup",
        ),
        (
            Need(frozenset({HOLIDAY}), time(9), time(9), 0, 1, tier=1),
            "Holidays, from 09:00 to 09:00 the next day: nobody has to be there, better one, to be rung first",
        ),
    ],
)
def test_a_need_is_said_as_people_say_it(need: Need, says: str) -> None:
    assert cover_words.need(need) == says
    form = cover_form.of(need, "")
    fields = [("days", day) for day in form.days]
    fields += [(name, getattr(form, name)) for name in ("starts", "ends", "tier", "minimum", "wished")]
    assert cover_form.read(MultiDict(fields)).need == need, "the form to change it says the same"
