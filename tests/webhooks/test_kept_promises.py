"""Promises of a call-back that are kept otherwise, wait for another time, or are to a number keyed in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, follow_ups, legs, progress
from phoneline.hours import line_hours
from phoneline.models import Call, Callback, Contact, Leg
from phoneline.quiet_hours import window
from phoneline.states import CallState, LegPurpose, OfferResult
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.promises import LIVE, Promises
from tests.webhooks.scenes import Ringing, Scene
from tests.words import heard

DAY = 24 * 3600


@pytest.fixture
def promises(scene: Scene, carrier: Carrier) -> Promises:
    return Promises(scene, carrier)


def test_who_called_in_and_was_connected_is_not_rung(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    first = promises.promise()
    with scene.database.reading() as session:
        person_id = session.get_one(Call, first.id).person_id
    call, ringing = scene.talking(number=first.number, person_id=person_id)
    scene.volunteer()
    assert promises.volunteers_rung() == [], "they are on the telephone"
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    promises.look(20)
    assert promises.dialled() == []
    assert promises.states() == [("settled", 0)]
    assert ("callback", "none", "done") in scene.contacts(first)


def test_who_said_later_and_then_asks_anew_is_called_back_now(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    ringing, peer = promises.peer_rung()
    promises.key(peer, "3")
    promises.ended(peer)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert promises.volunteers_rung() == [], "not before a while"
    said = scene.call(peer.call.id)
    promises.promise(scene.waiting_call(number=said.number, person_id=said.person_id))
    (again,) = promises.volunteers_rung()
    promises.key(promises.taken(again), "1")
    assert promises.states() == [("joined", 1), ("joined", 0)]


def test_who_keyed_a_number_in_and_calls_from_it_is_not_rung(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    hidden = scene.waiting_call(number=None, person_id=None)
    call, ringing = scene.talking(number=CALLER)
    scene.change(Call, call.id, answered_at=clock.now() + timedelta(minutes=1))
    carrier.ask(hidden.at("number/1"), hidden.sid, Digits=str(call.number).removeprefix("+1"))
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert promises.states() == [("settled", 0)]


def test_a_wrong_number_keeps_no_promise(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    first = promises.promise()
    with scene.database.reading() as session:
        person_id = session.get_one(Call, first.id).person_id
    call, ringing = scene.talking(number=first.number, person_id=person_id)
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits="4")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert promises.states() == [("promised", 0)]


def test_who_calls_in_while_a_volunteer_is_asked_frees_the_volunteer(promises: Promises, scene: Scene) -> None:
    first = promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    scene.waiting_call(number=first.number, person_id=None)
    promises.look()
    assert scene.offer(ringing.offer_id).result is OfferResult.CANCELLED
    assert promises.states() == [("promised", 0)]


def test_a_follow_up_that_somebody_did_is_rung_by_nobody(promises: Promises, scene: Scene) -> None:
    promises.promise()
    with scene.database.transaction() as session:
        contact = session.scalars(select(Contact).where(Contact.kind == "callback")).one()
        follow_ups.finish(session, contact.id, clock.now())
    scene.volunteer()
    assert promises.volunteers_rung() == []
    assert promises.states() == [("settled", 0)]


def test_a_promise_is_for_its_day_and_then_a_persons_task(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    scene.volunteer(hours=60)
    promises.ahead = timedelta(seconds=DAY)
    promises.look()
    assert promises.dialled() == []
    assert promises.states() == [("given_up", 0)]
    assert ("callback", "none", "wanted") in scene.contacts(call)


def test_who_is_blocked_meanwhile_is_not_rung(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    with scene.database.transaction() as session:
        factories.block(session, clock.now(), person_id=session.get_one(Call, call.id).person_id)
    scene.volunteer()
    assert promises.volunteers_rung() == []
    assert promises.states() == [("given_up", 0)]


def peer_being_dialled(promises: Promises, carrier: Carrier, scene: Scene) -> tuple[Ringing, str]:
    """A volunteer has taken a call-back, and the carrier is being asked to ring the peer on the leg of this id."""
    promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    with scene.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.CALLBACK)).one()
        legs.begin_dialling(leg, clock.now())
        return ringing, leg.id


def test_a_carrier_that_was_not_reached_is_no_try(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    _, leg_id = peer_being_dialled(promises, carrier, scene)
    with scene.database.transaction() as session:
        progress.not_reached(session, session.get_one(Leg, leg_id), LIVE, clock.now())
    assert promises.states() == [("promised", 0)]


def test_a_dial_that_is_unclear_is_not_made_again(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    ringing, leg_id = peer_being_dialled(promises, carrier, scene)
    with scene.database.transaction() as session:
        progress.unclear(session, session.get_one(Leg, leg_id), clock.now())
    promises.look(30)
    assert promises.dialled() == []
    with scene.database.transaction() as session:
        progress.refused(session, session.get_one(Leg, leg_id), LIVE, clock.now())
    assert promises.states() == [("promised", 1)]
    assert "couldn't reach them" in carrier.ask(ringing.at("ringing/9"), ringing.sid).said


def test_who_asks_outside_the_hours_is_rung_when_the_line_is_there_again(promises: Promises, scene: Scene) -> None:
    today = clock.now().astimezone(factories.TORONTO)
    opens = (today + timedelta(days=1)).replace(hour=6, minute=0, second=0, microsecond=0)
    hours = line_hours(f"{opens:%a} 06:00-22:00".lower())
    promises.live = replace(
        LIVE, line_hours=hours, quiet_weekday=window("05:00-09:00"), quiet_weekend=window("05:00-09:00")
    )
    promises.promise()
    scene.volunteer(hours=60)
    promises.look()
    assert promises.tries() == []
    promises.ahead = opens - clock.now() + timedelta(hours=1)
    promises.look()
    assert promises.tries() == [], "it isn't the day on which they asked: quiet hours hold"
    promises.look(2 * 3600)
    assert len(promises.tries()) == 1


# A withheld caller id


@pytest.mark.parametrize(
    ("digits", "number"),
    [("4165550123", "+14165550123"), ("14165550123", "+14165550123"), ("6475550107", "+16475550107")],
)
def test_a_withheld_number_is_keyed_in_and_rung_but_is_nobody(
    promises: Promises, carrier: Carrier, scene: Scene, digits: str, number: str
) -> None:
    call = scene.waiting_call(number=None, person_id=None)
    asked = carrier.ask(call.at("wait-key/2"), call.sid, Digits="1")
    assert "area code" in asked.said
    assert scene.call(call.id).state is CallState.WAITING, "a volunteer may still win the call"
    said = carrier.ask(call.at("number/1"), call.sid, Digits=digits).said
    assert said == carrier.ask(call.at("number/1"), call.sid, Digits=digits).said
    assert "at that number" in said
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    with scene.database.reading() as session:
        (promised,) = session.scalars(select(Callback)).all()
        assert (promised.number, promised.person_id, session.get_one(Call, call.id).number) == (number, None, None)
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    peer = promises.taken(ringing)
    assert "If that was you" in carrier.ask(peer.leg("answered"), peer.call.sid).said
    assert peer.call.number == number


@pytest.mark.parametrize("digits", ["", "911", "5550123", "9005550123", "011442079460958", "4165550100", "*" * 20])
def test_a_number_that_cannot_be_rung_is_asked_once_more_and_then_the_recorder_comes(
    carrier: Carrier, scene: Scene, digits: str
) -> None:
    call = scene.waiting_call(number=None, person_id=None, state=CallState.CHOOSING)
    carrier.ask(call.at("choice/1"), call.sid, Digits="1")
    again = carrier.ask(call.at("number/1"), call.sid, Digits=digits)
    assert "once more" in again.said
    assert scene.count(Callback) == 0
    assert carrier.ask(call.at("number/2"), call.sid, Digits=digits).said == heard("recorder")
    assert scene.contacts(call) == [("voicemail", "none", "wanted")]


def test_who_is_joined_while_keying_in_a_number_stays_joined(carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call(number=None, person_id=None)
    ringing = scene.ringing(call)
    carrier.ask(call.at("wait-key/2"), call.sid, Digits="1")
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    assert carrier.ask(call.at("number/1"), call.sid, Digits="4165550123").room
    assert scene.count(Callback) == 0
