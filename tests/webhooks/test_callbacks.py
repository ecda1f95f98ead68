"""Promised call-backs: a volunteer first, then the peer, once, and joined only by the peer's own key."""

from dataclasses import replace
from datetime import time
from functools import partial

import pytest
from sqlalchemy import select

from phoneline import clock, late_outcomes, team
from phoneline.models import Call, Callback, Contact, Leg
from phoneline.quiet_hours import Window
from phoneline.states import CallState, LegPurpose, LegState, OfferResult
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.promises import LIVE, Promises
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once
from tests.zones import where_it_is

DAY = 24 * 3600
NEVER = Window(time(0), time(0))


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
    assert "still ringing" in carrier.ask(ringing.at("ringing/6"), ringing.sid).said
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


def test_a_peer_who_said_later_is_left_alone_for_longer_and_called_also_when_their_day_is_over(
    promises: Promises, carrier: Carrier, scene: Scene
) -> None:
    promises.live = replace(LIVE, quiet_weekday=NEVER, quiet_weekend=NEVER)
    late = where_it_is(23, clock.now()).key
    with scene.database.transaction() as session:
        sam = factories.person(session, now=clock.now(), timezone=late).id
    ringing, peer = promises.peer_rung(scene.waiting_call(person_id=sam))
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
    at_once([partial(promises.look)] * 4)
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


@pytest.mark.parametrize("now", ["check_at", "safe_document_at"])
def test_a_caller_of_whom_nothing_is_heard_or_who_was_led_elsewhere_holds_up_no_promise(
    promises: Promises, scene: Scene, now: str
) -> None:
    scene.waiting_call(**{now: clock.now()})
    promises.promise()
    scene.volunteer()
    assert len(promises.volunteers_rung()) == 1


def test_who_waits_for_their_call_back_is_not_on_the_phone(promises: Promises, scene: Scene) -> None:
    call = promises.promise()
    scene.volunteer()
    assert len(promises.volunteers_rung()) == 1
    with scene.database.reading() as session:
        person_id = str(session.get_one(Call, call.id).person_id)
        assert team.busy(session, [person_id], clock.now()) == set()


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
