"""Key 2 in the first words, request by request. What the keys do is in `tests/phoneline/test_programme.py`."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, live_settings
from phoneline.db import Database
from phoneline.models import Activity, ActivitySignup
from phoneline.prompts import catalogue
from phoneline.recurrence import wall
from phoneline.states import CallState
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.scenes import Scene

WORDS = catalogue("en")
SID = "CA" + "0c" * 16


@pytest.fixture
def trivia(database: Database) -> str:
    """On in an hour, today or, late in the evening, tomorrow."""
    starts = wall(clock.now() + timedelta(hours=1), factories.TORONTO).replace(second=0, microsecond=0)
    with database.transaction() as session:
        return factories.activity(session, starts, places=1).id


def on_the_list(database: Database) -> list[str | None]:
    with database.reading() as session:
        return list(session.scalars(select(ActivitySignup.number).filter_by(withdrawn_at=None)))


@pytest.mark.parametrize("hours", ["always", "mon 03:00-03:01"])
def test_while_something_is_on_the_first_words_tell_of_the_key_also_outside_the_hours(
    carrier: Carrier, scene: Scene, database: Database, trivia: str, hours: str
) -> None:
    with database.transaction() as session:
        live_settings.write(session, "languages", "en", clock.now())
        live_settings.write(session, "line_hours", hours, clock.now())
    said = carrier.ask("/webhooks/voice", SID).said
    assert said.endswith(WORDS["greeting_programme"])
    call = scene.arrived(SID)
    assert "Trivia." in carrier.ask(call.at("menu/1"), SID, Digits="2").said
    key = f"/webhooks/programme/{call.token}/key/"
    for _ in range(2):
        assert carrier.ask(f"{key}1", SID, Digits="1").said.startswith(WORDS["programme_signed"])
    assert on_the_list(database) == [CALLER], "asked twice"
    assert carrier.ask(f"/webhooks/programme/{call.token}/silence/2", SID).said == WORDS["programme_more"]
    assert carrier.ask(f"{key}3", SID, Digits="0").leads_on
    person = carrier.ask(call.at("wait/1"), SID).said
    assert ("To leave a message" in person) is True or "ringing someone" in person
    assert carrier.ask(f"{key}4", SID, Digits="1").leads_on, "too late: they wait for a person"
    carrier.ask("/webhooks/voice/status", SID, CallStatus="completed")
    assert scene.call(call.id).outcome == "information"
    with database.transaction() as session:
        session.delete(session.get_one(Activity, trivia))
    assert WORDS["greeting_programme"] not in carrier.ask("/webhooks/voice", "CA" + "0d" * 16).said


def test_who_is_not_put_through_hears_nothing_of_it_and_while_waiting_2_leaves_a_message(
    carrier: Carrier, scene: Scene, trivia: str
) -> None:
    for state in (CallState.BLOCKED, CallState.USED_UP):
        call = scene.waiting_call(state=state)
        assert "Trivia" not in carrier.ask(call.at("menu/1"), call.sid, Digits="2").said
    scene.volunteer()
    call = scene.waiting_call()
    carrier.ask(call.at("wait-key/2"), call.sid, Digits="2")
    assert scene.call(call.id).state is CallState.MESSAGE
