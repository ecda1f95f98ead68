"""Volunteers' own words by text: with the PIN once, after which the telephone is known."""

from typing import Any

import pytest
from sqlalchemy import select

from phoneline import alarm_ladder, alarms, clock, pauses
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Alarm, Contact, Person, TextOut
from phoneline.prompts import catalogue
from phoneline.states import AlarmKind, AlarmState, FollowUp, Role
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.scenes import Scene

EN = catalogue("en")
LIVE = LiveSettings()


class Volunteer:
    """A volunteer who texts from their own telephone."""

    def __init__(self, carrier: Carrier, scene: Scene) -> None:
        self.carrier, self.scene, self.database, self.count = carrier, scene, scene.database, 0
        self.id = self.make()

    def make(self, *roles: Role, number: str = CALLER, **given: Any) -> str:
        with self.database.transaction() as session:
            given = {"pin_hash": factories.quick_hash("1234"), "numbers": [number]} | given
            return factories.person(session, Role.VOLUNTEER, *roles, now=clock.now(), **given).id

    def text(self, body: str, sid: str = "", number: str = CALLER) -> str:
        """The reply to a text, if there is a new one."""
        self.count += 1
        before = len(self.replies())
        self.carrier.ask("/webhooks/sms", MessageSid=sid or f"SM{self.count:032x}", Body=body, From=number)
        return "".join(self.replies()[before:])

    def replies(self) -> list[str]:
        with self.database.reading() as session:
            return [one.body for one in session.scalars(select(TextOut).order_by(TextOut.created_at))]

    def is_on(self) -> bool:
        return self.id in self.scene.on_shift()

    def contacts(self) -> list[Contact]:
        with self.database.reading() as session:
            return list(session.scalars(select(Contact)))


@pytest.fixture
def ana(carrier: Carrier, scene: Scene) -> Volunteer:
    return Volunteer(carrier, scene)


def test_on_and_off_with_the_pin_once(ana: Volunteer) -> None:
    assert ana.text("ON") == EN["text_pin_needed"]
    assert not ana.is_on()
    assert ana.text("On 1234") == EN["text_on"]
    assert ana.is_on()
    assert ana.text("OFF") == EN["text_off"]
    assert not ana.is_on()
    assert ana.text("on") == EN["text_on"]
    assert ana.is_on()
    assert ana.contacts() == [], "nothing with a PIN in it is on the log"


def test_the_same_text_again_does_nothing_more(ana: Volunteer) -> None:
    ana.text("ON 1234", sid="SM one")
    ana.text("OFF", sid="SM two")
    before = factories.dump(ana.database)
    for sid, body in (("SM one", "ON 1234"), ("SM two", "OFF")):
        ana.text(body, sid=sid)
    assert not ana.is_on()
    assert {table: rows for table, rows in factories.dump(ana.database).items() if table != "pin_lock"} == {
        table: rows for table, rows in before.items() if table != "pin_lock"
    }


def test_wrong_pins_are_counted_and_then_not_looked_at(ana: Volunteer) -> None:
    for _ in range(LIVE.pin_tries):
        assert ana.text("ON 9999") == EN["text_pin_wrong"]
    assert ana.text("ON 1234") == EN["text_pin_wrong"], "the right one, too, has to wait"
    assert not ana.is_on()


def test_right_pins_are_no_wrong_ones(ana: Volunteer) -> None:
    for _ in range(LIVE.pin_tries + 1):
        assert ana.text("ON 1234") == EN["text_on"]


def test_a_new_pin_makes_the_telephone_unknown_again(ana: Volunteer) -> None:
    ana.text("ON 1234")
    ana.scene.change(Person, ana.id, pin_hash=factories.quick_hash("5678"))
    assert ana.text("OFF") == EN["text_pin_needed"]
    assert ana.is_on()


def test_who_has_no_pin_or_is_not_ready_stays_off(ana: Volunteer) -> None:
    ana.scene.change(Person, ana.id, pin_hash=None)
    assert ana.text("ON 1234") == EN["text_pin_wrong"]
    ana.scene.change(Person, ana.id, pin_hash=factories.quick_hash("1234"), ready=False)
    assert ana.text("ON 1234") == EN["text_not_ready"]
    assert not ana.is_on()


def test_for_anybody_else_they_are_words_and_a_pin_is_not_kept(ana: Volunteer) -> None:
    stranger = factories.number(320)
    ana.text("ON 1234", number=stranger)
    [contact] = ana.contacts()
    assert (contact.note, contact.follow_up) == ("ON ••••", FollowUp.WANTED)
    assert not ana.is_on()


def test_ok_takes_on_what_they_were_told_of(ana: Volunteer, database: Database) -> None:
    kim = ana.make(Role.COORDINATOR, number=factories.number(321))
    with database.transaction() as session:
        alarms.raise_alarm(session, AlarmKind.SPENDING, "minutes", clock.now())
        alarm_ladder.take_due_steps(session, LIVE, clock.now())
    ana.text("ok")
    assert len(ana.contacts()) == 1, "an OK about nothing of ours is for somebody to read"
    assert ana.text("OK 1234") == EN["text_ok"], "Ana wasn't told of it"
    assert ana.text("ok", number=factories.number(321)) == EN["text_pin_needed"]
    assert ana.text("OK 1234", number=factories.number(321)) == EN["text_taken"]
    with database.reading() as session:
        alarm = session.scalars(select(Alarm)).one()
        assert (alarm.state, alarm.acknowledged_by) == (AlarmState.ACKNOWLEDGED, kim)


def test_ok_brings_them_back_from_a_pause(ana: Volunteer, database: Database) -> None:
    ana.text("ON 1234")
    ana.scene.ringing(ana.scene.waiting_call())
    with database.transaction() as session:
        pauses.for_misses(session, ana.id, clock.now())
    assert not ana.is_on()
    assert ana.text("ok") == EN["text_on"]
    assert ana.is_on()
    with database.transaction() as session:
        pauses.for_misses(session, ana.id, clock.now())
    assert ana.text("on") == EN["text_on"]
    assert ana.is_on(), "to say that one is on is to come back, too"
