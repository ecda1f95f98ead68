from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard import roster_form
from dashboard.roster_form import QuickForm
from phoneline.models import Shift, ShiftHours
from phoneline.states import Role
from tests import factories
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_now import words
from tests.dashboard.test_roster import DAY, HOUR, MONDAY, fed
from tests.databases import ONE_KIND

TUESDAY_EVENING = MONDAY + DAY + 19 * HOUR
NIGHT = {"at": "22:00", "until": "06:00", "tier": "1", "once": "", "start": "2026-11-17"}


@pytest.fixture
def kim(line: StoppedLine) -> str:
    """Kim is on every Thursday and Friday from nine, from next week on. Her id."""
    with line.database.transaction() as session:
        kim = factories.person(session, Role.VOLUNTEER, now=NOW, name="Kim")
        thursday = MONDAY + 10 * DAY
        factories.shift(session, kim, thursday + 9 * HOUR, thursday + 13 * HOUR, NOW, rrule="FREQ=WEEKLY;BYDAY=TH,FR")
        return kim.id


def next_week(client: FlaskClient) -> list[dict[str, Any]]:
    return fed(client, "2026-11-23", "2026-11-30")


def spans(client: FlaskClient, first: str = "2026-11-23", after: str = "2026-11-30") -> list[str]:
    return [f"{one['starts'][8:10]} {one['starts'][11:]}-{one['ends'][11:]}" for one in fed(client, first, after)]


def move(client: FlaskClient, address: str, starts: str, ends: str, which: str = "one") -> TestResponse:
    data = {"starts": starts, "ends": ends, "which": which, "csrf_token": token(client, "/roster")}
    return client.post(address, data=data, headers={"Accept": "application/json"})


def undo(client: FlaskClient, answer: TestResponse) -> TestResponse:
    data = {"csrf_token": token(client, "/roster")}
    return client.post(answer.get_json()["undo"], data=data, headers={"Accept": "application/json"})


@ONE_KIND
@pytest.mark.parametrize(
    ("which", "this_week", "the_next"),
    [
        ("one", ["26 10:00-15:00", "27 09:00-13:00"], ["03 09:00-13:00", "04 09:00-13:00"]),
        ("from_here", ["26 10:00-15:00", "27 10:00-15:00"], ["03 10:00-15:00", "04 10:00-15:00"]),
    ],
)
def test_a_block_is_moved_and_put_back(
    coordinator: FlaskClient, kim: str, which: str, this_week: list[str], the_next: list[str]
) -> None:
    block = next_week(coordinator)[0]
    answer = move(coordinator, block["change"], "2026-11-26T10:00", "2026-11-26T15:00", which)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["told"].startswith("Kim: now ")
    assert spans(coordinator) == this_week
    assert spans(coordinator, "2026-11-30", "2026-12-07") == the_next
    assert undo(coordinator, answer).get_json() == {"told": "Undone: it is as it was before."}
    assert spans(coordinator) == ["26 09:00-13:00", "27 09:00-13:00"]
    assert undo(coordinator, answer).status_code in {200, 409}


@ONE_KIND
def test_all_dates_move_to_another_day_of_the_week(coordinator: FlaskClient, kim: str) -> None:
    block = next_week(coordinator)[0]
    answer = move(coordinator, block["change"], "2026-11-25T09:00", "2026-11-25T13:00", "all")
    assert answer.get_json()["told"] == "Kim: now Wednesdays and Thursdays at 09:00, until 13:00."
    assert spans(coordinator, "2026-11-30", "2026-12-07") == ["02 09:00-13:00", "03 09:00-13:00"]


@ONE_KIND
def test_what_cannot_be_is_told_and_changes_nothing(coordinator: FlaskClient, kim: str) -> None:
    block = next_week(coordinator)[0]
    onto_another = move(coordinator, block["change"], "2026-11-27T10:00", "2026-11-27T11:00")
    assert onto_another.status_code == 409
    assert onto_another.get_json()["told"].startswith("They are on another shift then, on Friday 27 November")
    backwards = move(coordinator, block["change"], "2026-11-26T10:00", "2026-11-26T09:00")
    assert backwards.get_json()["told"].startswith("The end must be later than the start")
    assert spans(coordinator) == ["26 09:00-13:00", "27 09:00-13:00"]
    for wrong in (("x", "y", "one"), ("2026-11-26T10:00", "2026-11-26T11:00Z", "one"), ("", "", "none")):
        assert move(coordinator, block["change"], *wrong).status_code == 400
    assert move(coordinator, "/roster/hours/made-up", "2026-11-26T10:00", "2026-11-26T11:00").status_code == 404


@ONE_KIND
def test_volunteers_look_and_change_nothing(coordinator: FlaskClient, volunteer: FlaskClient, kim: str) -> None:
    address = next_week(coordinator)[0]["change"]
    assert next_week(volunteer)[0]["change"] == ""
    assert "Add shifts" not in volunteer.get("/roster").text
    form = {"csrf_token": token(volunteer, "/roster"), "starts": "2026-11-26T10:00", "ends": "2026-11-26T11:00"}
    assert volunteer.post(address, data=form | {"which": "one"}).status_code == 403
    assert volunteer.post("/roster/quick", data=form | NIGHT).status_code == 403


@ONE_KIND
def test_somebody_is_put_on_and_the_form_is_kept_for_the_next(
    line: StoppedLine, coordinator: FlaskClient, kim: str
) -> None:
    form = NIGHT | {"person": kim, "days": ["MO", "WE"], "csrf_token": token(coordinator, "/roster")}
    page = coordinator.post("/roster/quick", data=form, follow_redirects=True)
    assert "Added: Kim, first, Mondays and Wednesdays at 22:00, until 06:00." in words(page.text)
    assert 'value="22:00"' in page.text
    assert 'value="WE" checked' in page.text
    with line.database.reading() as session:
        made = session.scalars(select(Shift).where(Shift.rrule == "FREQ=WEEKLY;BYDAY=MO,WE")).one()
        assert (made.starts_local, made.tier) == (MONDAY + 2 * DAY + 22 * HOUR, 1)
        assert len(session.scalars(select(ShiftHours).filter_by(shift_id=made.id)).all()) > 16
    address = page.text.split('action="/roster/moves/')[1].split('"')[0]
    undone = coordinator.post(f"/roster/moves/{address}", data={"csrf_token": form["csrf_token"]})
    assert undone.status_code == 303
    assert "22:00" not in "".join(spans(coordinator))


@ONE_KIND
def test_what_begins_in_another_week_is_shown_there(coordinator: FlaskClient, kim: str) -> None:
    form = NIGHT | {"person": kim, "days": ["MO"], "start": "2026-12-07", "csrf_token": token(coordinator, "/roster")}
    page = coordinator.post("/roster/quick", data=form, follow_redirects=True)
    assert "Added: Kim, first, Mondays at 22:00, until 06:00." in words(page.text)
    assert "7 to 13 December" in words(page.text)
    assert 'value="2026-12-07"' in page.text


@ONE_KIND
def test_what_is_wrong_is_said_at_its_field(coordinator: FlaskClient, kim: str) -> None:
    form = NIGHT | {"person": kim, "days": ["TH"], "csrf_token": token(coordinator, "/roster")}
    twice = form | {"at": "10:00", "until": "12:00"}
    page = coordinator.post("/roster/quick?show=list", data=twice)
    assert page.status_code == 422
    assert "They are on another shift then" in words(page.text)
    page = coordinator.post("/roster/quick", data=form | {"at": ""})
    assert 'id="at-problem"' in page.text
    assert page.status_code == 422


def quick(**given: Any) -> str:
    draft, _ = roster_form.draft(QuickForm(**({"at": "18:00", "until": "22:00"} | given)), TUESDAY_EVENING)
    return f"{draft.starts_local:%a %d %H:%M}-{draft.ends_local:%a %H:%M} {draft.rrule}" if draft else ""


def test_a_form_means_the_first_of_its_days_that_is_to_come() -> None:
    assert quick(days=["TU", "FR"]) == "Fri 20 18:00-Fri 22:00 FREQ=WEEKLY;BYDAY=TU,FR"
    assert quick(days=["TU"], at="20:00") == "Tue 17 20:00-Tue 22:00 FREQ=WEEKLY;BYDAY=TU"
    assert quick(days=["TU"], start="2026-12-01") == "Tue 01 18:00-Tue 22:00 FREQ=WEEKLY;BYDAY=TU"
    assert quick(days=["SU"], until="06:00", weekly=False) == "Sun 22 18:00-Mon 06:00 "
    assert quick(days=["SA", "SU"], weekly=False) == "Sat 21 18:00-Sat 22:00 FREQ=WEEKLY;COUNT=2;BYDAY=SA,SU"
    assert quick(start="2026-11-19", until="18:00") == "Thu 19 18:00-Fri 18:00 FREQ=WEEKLY;BYDAY=TH"
    assert quick() == quick(days=["MO"], at="later") == quick(days=["MO"], start="soon") == ""
