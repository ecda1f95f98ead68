"""An agreed limit is told kindly, counted anew each time, and nobody else has one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from phoneline import clock
from phoneline.db import Database
from phoneline.models import Call, Offer
from phoneline.prompts import catalogue, speaking_seconds
from phoneline.recurrence import day_around
from phoneline.states import CallOutcome, CallState, Direction, Role
from phoneline.steps import Say
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.scenes import OnTheLine, Scene
from tests.words import heard

SID = "CA" + "0f" * 16
BEFORE_FIRST_OFFER_SECONDS = 10
EN = catalogue("en")


@pytest.fixture(autouse=True)
def _on_shift(scene: Scene) -> None:
    """Somebody could be rung."""
    with scene.database.transaction() as session:
        who = factories.person(session, Role.VOLUNTEER, now=clock.now()).id
    scene.shift(who)


def limited(database: Database, *, language: str = "en", timezone: str | None = None, **agreed: object) -> str:
    with database.transaction() as session:
        who = factories.person(session, now=clock.now(), numbers=[CALLER], language=language, timezone=timezone)
        if agreed:
            factories.daily_limit(session, who, clock.now(), **agreed)
        return who.id


def talked(database: Database, person_id: str, at: datetime, seconds: float, **given: object) -> None:
    ended = {"state": CallState.ENDED, "talk_seconds": seconds, "answered_at": at if seconds else None}
    with database.transaction() as session:
        factories.call(session, at, person_id=person_id, number=CALLER, **(ended | given))


def midnight(zone: ZoneInfo = factories.TORONTO) -> datetime:
    return day_around(clock.now(), zone)[0]


def this_call(scene: Scene) -> OnTheLine:
    with scene.database.reading() as session:
        row = session.scalars(select(Call).where(Call.carrier_sid == SID)).one()
        return OnTheLine(row.id, row.token, SID, row.number)


def test_thirty_calls_in_a_day_and_none_is_held_back(carrier: Carrier, database: Database) -> None:
    person_id = limited(database)
    for index in range(29):
        talked(database, person_id, midnight(), 3000)
        sid = f"CAff{index:030x}"
        assert carrier.ask("/webhooks/voice", sid).said.startswith(EN["greeting"])
        carrier.ask("/webhooks/voice/status", sid, CallStatus="completed")
    assert carrier.ask("/webhooks/voice", SID).said.startswith(EN["greeting"])


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_first_words_tell_how_much_there_is_and_stay_short(
    carrier: Carrier, database: Database, language: str
) -> None:
    person_id = limited(database, minutes=10, language=language)
    talked(database, person_id, midnight(), 61)
    words = catalogue(language)
    said = carrier.ask("/webhooks/voice", SID).said
    assert said == f"{words['greeting']} {words['limit_minutes'].format(minutes=9)}"
    assert speaking_seconds((Say(said, language),)) + 2 <= BEFORE_FIRST_OFFER_SECONDS


def test_a_used_up_limit_is_told_with_the_crisis_numbers_and_what_can_still_be_done(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    person_id = limited(database, calls=2)
    for _ in range(2):
        talked(database, person_id, midnight(), 30)
    first = carrier.ask("/webhooks/voice", SID)
    wanted = ("limit_used_up", "crisis_numbers", "limit_message", "limit_goodbye")
    assert first.said == " ".join(heard(key) for key in wanted)
    assert first.verbs[-2:] == ["Say", "Hangup"]
    assert carrier.ask("/webhooks/voice", SID).text == first.text
    call = this_call(scene)
    assert carrier.ask(call.at("wait/1"), SID).said == first.said
    assert carrier.ask(call.at("used-up/1"), SID, Digits="5").said == f"{EN['limit_message']} {EN['limit_goodbye']}"
    assert carrier.ask(call.at("used-up/2"), SID, Digits="5").said == EN["limit_goodbye"]
    carrier.ask("/webhooks/voice/status", SID, CallStatus="completed")
    assert scene.call(call.id).outcome is CallOutcome.BLOCKED
    assert scene.contacts(call) == [("call", "none", "none")]
    assert scene.count(Offer) == 0


def test_who_has_used_up_their_limit_may_leave_a_message(carrier: Carrier, scene: Scene, database: Database) -> None:
    talked(database, limited(database, minutes=1), midnight(), 60)
    carrier.ask("/webhooks/voice", SID)
    call = this_call(scene)
    for _ in range(2):
        assert carrier.ask(call.at("used-up/1"), SID, Digits="2").said == heard("recorder")
    carrier.ask("/webhooks/voice/status", SID, CallStatus="completed")
    assert scene.call(call.id).outcome is CallOutcome.VOICEMAIL
    assert scene.contacts(call) == [("call", "none", "none"), ("voicemail", "none", "wanted")]


def test_the_day_begins_at_midnight_where_the_person_is(carrier: Carrier, database: Database) -> None:
    zone = "Pacific/Kiritimati"
    person_id = limited(database, minutes=1, timezone=zone)
    talked(database, person_id, midnight(ZoneInfo(zone)) - timedelta(seconds=1), 600)
    assert EN["limit_minute"] in carrier.ask("/webhooks/voice", SID).said
    talked(database, person_id, midnight(ZoneInfo(zone)), 60)
    assert EN["limit_used_up"] in carrier.ask("/webhooks/voice", "CA" + "0a" * 16).said


def test_what_reached_nobody_and_what_we_called_uses_up_nothing(carrier: Carrier, database: Database) -> None:
    person_id = limited(database, calls=1, minutes=5)
    talked(database, person_id, midnight(), 0)
    talked(database, person_id, midnight(), 900, direction=Direction.OUTBOUND)
    assert EN["limit_last_call"] in carrier.ask("/webhooks/voice", SID).said


def test_a_conversation_goes_on_when_the_limit_is_used_up(carrier: Carrier, scene: Scene, database: Database) -> None:
    call, _ = scene.talking()
    with database.transaction() as session:
        row = session.get_one(Call, call.id)
        row.joined_at = clock.now() - timedelta(hours=2)
        assert row.person is not None
        factories.daily_limit(session, row.person, clock.now(), minutes=1)
    assert carrier.ask(call.at("next"), call.sid).room


def test_a_limit_that_has_ended_holds_nobody_back(carrier: Carrier, database: Database) -> None:
    person_id = limited(database, calls=1, ended_at=clock.now())
    talked(database, person_id, midnight(), 60)
    assert carrier.ask("/webhooks/voice", SID).said.startswith(EN["greeting"])
