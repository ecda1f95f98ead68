"""Urgent things on the first page: taken on by whoever presses the button first."""

from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline import alarms
from phoneline.models import Alarm
from phoneline.states import AccountRole, AlarmKind, AlarmState
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine


def test_an_alarm_is_taken_on_with_one_button(
    coordinator: FlaskClient, volunteer: FlaskClient, line: StoppedLine
) -> None:
    assert "Urgent now" not in coordinator.get("/").text
    with line.database.transaction() as session:
        alarms.raise_alarm(session, AlarmKind.EMPTY_SHIFT, alarms.EMPTY_SHIFT, NOW)
        alarm_id = session.scalars(select(Alarm.id)).one()
    text = coordinator.get("/").text
    assert "A caller waited and nobody is on shift" in text
    assert f"/alarms/{alarm_id}/take" in text
    assert "Urgent now" not in volunteer.get("/").text
    forgery = pages.token(coordinator, "/")
    for _ in range(2):
        assert coordinator.post(f"/alarms/{alarm_id}/take", data={"csrf_token": forgery}).status_code == 303
    text = coordinator.get("/").text
    assert f"{EMAILS[AccountRole.COORDINATOR]} is looking after it" in text
    assert "/take" not in text
    with line.database.reading() as session:
        alarm = session.get_one(Alarm, alarm_id)
        assert (alarm.state, alarm.acknowledged_account_id is None) == (AlarmState.ACKNOWLEDGED, False)
