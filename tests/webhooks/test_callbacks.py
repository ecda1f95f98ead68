"""Promised call-backs: a volunteer first, then the peer, once, and joined only by the peer's own key."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from phoneline import clock, follow_ups, late_outcomes, legs, offers, progress
from phoneline.hours import line_hours
from phoneline.models import Call, Callback, Contact, Leg
from phoneline.quiet_hours import window
from phoneline.states import CallState, LegPurpose, LegState, OfferResult
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.promises import LIVE, Promises
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once

DAY = 24 * 3600


@pytest.fixture
def promises(scene: Scene, carrier: Carrier) -> Promises:
    return Promises(scene, carrier)


def test_a_volunteer_is_rung_first_and_hears_what_it_is_about(promises: Promises, carrier: Carrier) -> None:
    promises.promise()
    promises.look()
    assert promises.dialled() == [], "nobody is on shift"
    volunteer = promises.scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    assert ringing.volunteer_id == volunteer
    assert "asked to be called back" in carrier.ask(ringing.leg("answered"), ringing.sid).said
    assert promises.states() == [("calling", 0)]
    promises.look()
    assert promises.dialled() == [], "one at a time"


def test_inbound_offers_go_before_those_of_a_call_back(promises: Promises) -> None:
    promises.promise()
    promises.scene.volunteer()
    promises.look()
    with promises.scene.database.reading() as session:
        (leg,) = session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).all()
    assert (leg.purpose, leg.priority) == (LegPurpose.OFFER, list(LegPurpose).index(LegPurpose.CALLBACK))


def test_the_peer_is_joined_only_after_key_one(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    ringing, peer = promises.peer_rung()
    assert "ringing them now" in carrier.ask(ringing.at("ringing/1"), ringing.sid).said
    asked = carrier.ask(peer.leg("answered"), peer.call.sid)
    assert "good moment for Person" in asked.said
    assert "Conference" not in asked.text
    assert "still ringing" in carrier.ask(ringing.at("ringing/5"), ringing.sid).said
    joined = carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="1")
    row = scene.call(peer.call.id)
    assert joined.room == row.room == carrier.ask(ringing.at("ringing/2"), ringing.sid).room
    assert (row.state, row.volunteer_id, row.answered_at is None) == (CallState.CONNECTED, ringing.volunteer_id, False)
    assert promises.states() == [("joined", 0)]


def test_when_joined_the_follow_up_is_done_and_has_its_volunteer(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    assert scene.contacts(call) == [("call", "none", "none"), ("callback", "none", "wanted")]
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    promises.key(promises.taken(ringing), "1")
    assert scene.contacts(call) == [("call", "none", "none"), ("callback", "none", "done")]
    with scene.database.reading() as session:
        (contact,) = session.scalars(select(Contact).where(Contact.follow_up == "done")).all()
    assert contact.volunteer_id == ringing.volunteer_id


def test_what_the_volunteer_says_afterwards_is_said_of_the_call_back(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    call = promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    peer = promises.taken(ringing)
    promises.key(peer, "1")
    promises.ended(peer)
    assert "How was the call" in carrier.ask(ringing.at("ringing/3"), ringing.sid).said
    carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits="3")
    assert ("callback", "urgent", "urgent") in scene.contacts(call)


def test_an_outcome_that_the_volunteer_could_not_give_is_awaited_on_the_page(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    ringing, peer = promises.peer_rung()
    promises.key(peer, "1")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    promises.ended(peer)
    with scene.database.reading() as session:
        contact = session.scalars(select(Contact).where(Contact.kind == "callback")).one()
        awaited = late_outcomes.awaited_from(session, contact)
        assert awaited is not None
        assert awaited.id == ringing.offer_id


@pytest.mark.parametrize("key", ["1", "3", "9", "5"])
def test_the_peers_key_again_changes_nothing(promises: Promises, carrier: Carrier, scene: Scene, key: str) -> None:
    _, peer = promises.peer_rung()
    first = promises.key(peer, key).text
    once = scene.settled()
    assert carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits=key).text == first
    assert scene.settled() == once


def test_the_first_key_of_a_peer_holds(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    _, peer = promises.peer_rung()
    said = promises.key(peer, "3").said
    assert carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="1").said == said
    assert scene.call(peer.call.id).state is CallState.RINGING


@pytest.mark.parametrize("key", ["", "5", "3", "9"])
def test_without_key_one_nobody_is_joined_and_the_volunteer_is_free_at_once(
    promises: Promises, carrier: Carrier, scene: Scene, key: str
) -> None:
    ringing, peer = promises.peer_rung()
    said = promises.key(peer, key)
    assert said.leads_on
    promises.ended(peer)
    assert "couldn't reach them" in carrier.ask(ringing.at("ringing/4"), ringing.sid).said
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert scene.offer(ringing.offer_id).released_at is not None
    assert scene.call(peer.call.id).answered_at is None
    assert promises.states() == [("stopped" if key == "9" else "promised", 0 if key == "9" else 1)]
    with scene.database.reading() as session:
        assert session.scalars(select(Contact.follow_up).where(Contact.kind == "callback")).all() == ["wanted"]


def test_a_peer_who_said_later_is_left_alone_for_longer(promises: Promises, carrier: Carrier) -> None:
    ringing, peer = promises.peer_rung()
    promises.key(peer, "3")
    promises.ended(peer)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    promises.look(LIVE.checkin_retry_seconds + 1)
    assert promises.dialled() == []
    promises.look(LIVE.checkin_snooze_seconds - LIVE.checkin_retry_seconds)
    assert len(promises.tries()) == 2


def test_the_tries_are_spaced_and_bounded_and_then_it_is_a_persons_task(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    scene.volunteer()
    for number in range(1, LIVE.checkin_attempts + 1):
        (ringing,) = promises.volunteers_rung()
        promises.ended(promises.taken(ringing), "no-answer")
        promises.carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
        promises.look(1)
        assert promises.dialled() == [], f"too soon after try {number}"
        with scene.database.transaction() as session:
            promised = session.scalars(select(Callback)).one()
            wait = (promised.next_try_at - clock.now()).total_seconds()
            assert LIVE.checkin_retry_seconds - 10 < wait <= LIVE.checkin_retry_seconds
            promised.next_try_at = clock.now()
    assert promises.volunteers_rung() == []
    assert promises.states() == [("given_up", LIVE.checkin_attempts)]
    assert ("callback", "none", "wanted") in scene.contacts(call)


def test_nobody_is_dialled_twice_for_one_key(promises: Promises, carrier: Carrier) -> None:
    ringing, _ = promises.peer_rung()
    for _ in range(3):
        carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
        promises.look()
    assert promises.dialled() == []
    assert len(promises.tries()) == 1


def test_several_clocks_make_one_try(promises: Promises, scene: Scene) -> None:
    for _ in range(3):
        promises.promise()
    for _ in range(3):
        scene.volunteer()
    at_once([partial(promises.look)] * 4)  # type: ignore[list-item] # they answer nothing
    assert len(promises.tries()) == 3
    assert len(promises.dialled()) == 3


def test_two_promises_to_one_telephone_ring_it_once_and_both_are_kept(promises: Promises, scene: Scene) -> None:
    first = promises.promise()
    with scene.database.reading() as session:
        person_id = session.get_one(Call, first.id).person_id
    again = promises.promise(scene.waiting_call(number=first.number, person_id=person_id))
    scene.volunteer()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    assert len(promises.tries()) == 1
    promises.key(promises.taken(ringing), "1")
    assert promises.states() == [("joined", 0), ("joined", 0)]
    assert {scene.contacts(call)[1][2] for call in (first, again)} == {"done"}


def test_key_nine_stops_every_promise_to_that_telephone(promises: Promises, scene: Scene) -> None:
    first = promises.promise()
    with scene.database.reading() as session:
        person_id = session.get_one(Call, first.id).person_id
    promises.promise(scene.waiting_call(number=first.number, person_id=person_id))
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    promises.key(promises.taken(ringing), "9")
    assert promises.states() == [("stopped", 0), ("stopped", 0)]


def test_who_waits_on_the_line_for_longer_comes_first(promises: Promises, scene: Scene) -> None:
    before = scene.waiting_call()
    promises.promise()
    after = scene.waiting_call()
    scene.volunteer()
    assert promises.volunteers_rung() == []
    promises.carrier.ask("/webhooks/voice/status", before.sid, CallStatus="completed")
    assert len(promises.volunteers_rung()) == 1
    assert scene.call(after.id).state is CallState.WAITING


def test_who_waits_for_their_call_back_is_not_on_the_phone(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    scene.volunteer()
    assert len(promises.volunteers_rung()) == 1
    with scene.database.reading() as session:
        person_id = str(session.get_one(Call, call.id).person_id)
        assert offers.busy(session, [person_id], clock.now()) == set()


def test_the_older_promise_comes_first(promises: Promises, scene: Scene) -> None:
    older, younger = scene.waiting_call(), scene.waiting_call()
    promises.promise(younger)
    promises.promise(older)
    scene.volunteer()
    promises.look()
    (call,) = promises.tries()
    assert call.number == older.number


def test_all_are_asked_once_and_then_again_after_a_while(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    promises.promise()
    scene.volunteer()
    scene.volunteer()
    (first,) = promises.volunteers_rung()
    carrier.ask(first.at("key/1"), first.sid, Digits="2")
    carrier.ask(first.leg("status"), first.sid, CallStatus="completed")
    (second,) = promises.volunteers_rung()
    assert second.volunteer_id != first.volunteer_id
    carrier.ask(second.leg("status"), second.sid, CallStatus="no-answer")
    assert promises.volunteers_rung() == []
    promises.look(LIVE.checkin_retry_seconds - 20)
    assert promises.dialled() == []
    promises.look(30)
    assert len(promises.volunteers_rung()) == 1
    assert len(promises.tries()) == 1, "it is still the same row, with all its offers"
    third = scene.volunteer()
    assert third not in {first.volunteer_id, second.volunteer_id}


def test_pass_and_go_off_shift_works_for_a_call_back_too(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    said = carrier.ask(ringing.at("key/1"), ringing.sid, Digits="9").said
    assert "off shift now" in said
    assert scene.on_shift() == set()
    assert scene.offer(ringing.offer_id).result is OfferResult.DECLINED


def test_a_volunteer_who_hangs_up_cancels_the_peers_ringing(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    ringing, peer = promises.peer_rung()
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    with scene.database.reading() as session:
        assert session.scalars(select(Leg).where(Leg.token == peer.leg_token)).one().end_wanted_at is not None
    promises.ended(peer, "canceled")
    assert (scene.call(peer.call.id).state, scene.call(peer.call.id).volunteer_id) == (CallState.ENDED, None)
    assert promises.states() == [("promised", 1)]


def test_a_leg_that_was_never_dialled_is_no_try(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    promises.look()
    assert promises.states() == [("promised", 0)]
    assert [one.state for one in promises.tries()] == [CallState.ENDED]


def test_a_peer_who_had_picked_up_when_the_volunteer_went_waits_for_another(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    ringing, peer = promises.peer_rung()
    carrier.ask(peer.leg("answered"), peer.call.sid)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    promises.look()
    waiting = carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="1")
    assert "ring somebody for you" in waiting.said
    assert scene.call(peer.call.id).state is CallState.WAITING
    (leg,) = promises.dialled()
    assert leg.purpose is LegPurpose.OFFER


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
        follow_ups.finish(session, contact.id)
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


def test_a_carrier_that_was_not_reached_is_no_try(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    with scene.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.CALLBACK)).one()
        legs.begin_dialling(leg, clock.now())
        progress.not_reached(session, leg, LIVE, clock.now())
    assert promises.states() == [("promised", 0)]


def test_a_dial_that_is_unclear_is_not_made_again(promises: Promises, carrier: Carrier, scene: Scene) -> None:
    promises.promise()
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    with scene.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.CALLBACK)).one()
        legs.begin_dialling(leg, clock.now())
        progress.unclear(session, leg, clock.now())
    promises.look(30)
    assert promises.dialled() == []
    with scene.database.transaction() as session:
        progress.refused(session, session.get_one(Leg, leg.id), LIVE, clock.now())
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
    assert "Record" in carrier.ask(call.at("number/2"), call.sid, Digits=digits).verbs
    assert scene.contacts(call) == [("voicemail", "none", "wanted")]


def test_who_is_joined_while_keying_in_a_number_stays_joined(carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call(number=None, person_id=None)
    ringing = scene.ringing(call)
    carrier.ask(call.at("wait-key/2"), call.sid, Digits="1")
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    assert carrier.ask(call.at("number/1"), call.sid, Digits="4165550123").room
    assert scene.count(Callback) == 0
