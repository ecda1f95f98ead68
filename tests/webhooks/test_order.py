"""Callbacks come in any order, and more than once: the rows end up the same."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import permutations, product
from typing import Any

import pytest
from sqlalchemy import select

from phoneline import clock
from phoneline.models import Call, Contact, Offer
from phoneline.states import CallOutcome, CallState, LegEnd, LegState, OfferResult, Purpose
from tests.webhooks.carrier import Carrier
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import OnTheLine, Ringing, Scene

WORDS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress", "completed": "completed"}
OTHER_ENDS = [
    ("busy", OfferResult.BUSY),
    ("no-answer", OfferResult.NO_ANSWER),
    ("failed", OfferResult.FAILED),
    ("canceled", OfferResult.CANCELLED),
]


def outcome(scene: Scene, call: OnTheLine, ringing: Ringing) -> tuple[Any, ...]:
    """What is written down in the end, but for ids and times."""
    offer, row = scene.offer(ringing.offer_id), scene.call(call.id)
    leg = offer.leg
    return (
        (leg.state, leg.end, leg.carrier_sid == ringing_sid(ringing), leg.answered_at is not None, leg.machine),
        (offer.result, offer.resolved_at is not None, offer.released_at is not None, offer.accepted_at),
        (row.state, row.volunteer_id, row.ended_at),
    )


def ringing_sid(ringing: Ringing) -> str:
    return f"CA{ringing.token.replace('-', ''):0>32}"


def ring(scene: Scene) -> tuple[OnTheLine, Ringing]:
    """A volunteer whose dial has not come back yet, and whose shift is over: nobody else is rung afterwards."""
    call = scene.waiting_call()
    return call, scene.ringing(call, hours=-0.5, state=LegState.DIALLING, carrier_sid=None)


def test_the_wait_for_a_message_lasts_until_the_recorder_begins(carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call(state=CallState.CHOOSING)
    assert carrier.ask(call.at("message"), call.sid).verbs == ["Say", "Redirect"]
    assert scene.call(call.id).way_out_at is None, "the words before the tone"
    assert "Record" in carrier.ask(call.at("tone"), call.sid).verbs
    began = scene.call(call.id).way_out_at
    assert began is not None
    carrier.ask(call.at("tone"), call.sid)
    assert scene.call(call.id).way_out_at == began


def test_every_order_of_an_unanswered_offers_callbacks_ends_the_same(carrier: Carrier, scene: Scene) -> None:
    """And stays the same as all of them come once more."""
    ends = {}
    for order in permutations(WORDS):
        call, ringing = ring(scene)
        for time in ("first", "second"):
            for word in order:
                carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=WORDS[word])
            ends[order, time] = outcome(scene, call, ringing)
    assert set(ends.values()) == {
        (
            (LegState.ENDED, LegEnd.COMPLETED, True, True, False),
            (OfferResult.NO_ANSWER, True, True, None),
            (CallState.WAITING, None, None),
        )
    }
    assert len(ends) == 48


def test_each_callback_repeated_in_place_ends_the_same(carrier: Carrier, scene: Scene) -> None:
    call, ringing = ring(scene)
    for word in WORDS.values():
        for _ in range(3):
            carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=word)
    assert outcome(scene, call, ringing)[1] == (OfferResult.NO_ANSWER, True, True, None)


@pytest.mark.parametrize(("end", "result"), OTHER_ENDS)
def test_another_end_holds_whatever_comes_around_it(
    carrier: Carrier, scene: Scene, end: str, result: OfferResult
) -> None:
    for order in permutations(["initiated", "ringing", end]):
        call, ringing = ring(scene)
        for word in order:
            carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=word)
        leg, offer, row = outcome(scene, call, ringing)
        assert (leg[0], leg[1], offer[0], row[0]) == (LegState.ENDED, LegEnd(end), result, CallState.WAITING)


def test_the_first_end_is_believed(carrier: Carrier, scene: Scene) -> None:
    for first, second in product(dict(OTHER_ENDS), repeat=2):
        call, ringing = ring(scene)
        for word in (first, second):
            carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=word)
        assert outcome(scene, call, ringing)[0][1] is LegEnd(first)


def test_every_order_of_an_accepted_offers_callbacks_ends_the_same(carrier: Carrier, scene: Scene) -> None:
    """Key 1 has been pressed and the caller has joined; then the notices come as they like."""
    ends = set()
    for order in permutations(WORDS):
        call, ringing = ring(scene)
        carrier.ask(ringing.leg("answered"), ringing_sid(ringing))
        carrier.ask(ringing.at("key/1"), ringing_sid(ringing), Digits="1")
        carrier.ask(call.at("next"), call.sid)
        for word in order * 2:
            carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=WORDS[word])
        offer = scene.offer(ringing.offer_id)
        ends.add(
            (
                offer.result,
                offer.leg.end,
                offer.conversation_ended_at is None,
                offer.joined_at is None,
                scene.call(call.id).state,
            )
        )
    assert ends == {(OfferResult.ACCEPTED, LegEnd.COMPLETED, False, False, CallState.LEFT)}


@pytest.mark.parametrize("doubled", [False, True], ids=["once", "twice"])
def test_who_pressed_one_and_was_gone_before_the_caller_came_has_not_taken_the_call(
    carrier: Carrier, scene: Scene, doubled: bool
) -> None:
    call, ringing = ring(scene)
    carrier.ask(ringing.leg("answered"), ringing_sid(ringing))
    carrier.ask(ringing.at("key/1"), ringing_sid(ringing), Digits="1")
    for _ in range(1 + doubled):
        carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus="completed")
    row = scene.call(call.id)
    assert (row.state, row.volunteer_id, row.answered_at) == (CallState.WAITING, None, None)
    assert "has left the call" not in carrier.ask(call.at("next"), call.sid).said
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    row = scene.call(call.id)
    assert (row.outcome, row.volunteer_id, row.answered_at) == (CallOutcome.ABANDONED, None, None)


def test_a_machine_is_only_a_machine_when_the_carrier_says_so(carrier: Carrier, scene: Scene) -> None:
    results = set()
    for order in permutations(["in-progress", "completed"]):
        _, ringing = ring(scene)
        for word in order:
            carrier.ask(ringing.leg("status"), ringing_sid(ringing), CallStatus=word, AnsweredBy="machine_start")
        results.add(scene.offer(ringing.offer_id).result)
    assert results == {OfferResult.MACHINE}


def test_the_callers_end_frees_every_volunteer_in_any_order(carrier: Carrier, scene: Scene) -> None:
    for order in permutations(["caller", "first", "second"]):
        call = scene.waiting_call()
        legs = {"first": scene.ringing(call, hours=-0.5), "second": scene.ringing(call, hours=-0.5)}
        for who in order:
            if who == "caller":
                carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
            else:
                carrier.ask(legs[who].leg("status"), legs[who].sid, CallStatus="canceled")
        for one in legs.values():
            offer: Offer = scene.offer(one.offer_id)
            assert (offer.result, offer.released_at is None) == (OfferResult.CANCELLED, False), order
        assert scene.call(call.id).state is CallState.ENDED


def test_a_caller_who_had_gone_before_they_were_sent_to_the_room_was_not_connected(
    carrier: Carrier, scene: Scene
) -> None:
    """A volunteer pressed 1 while the caller's last question was still on its way."""
    now = clock.now()
    call = scene.waiting_call()
    scene.change(Call, call.id, started_at=now - timedelta(seconds=30))
    ringing = scene.ringing(call)
    carrier.ask(ringing.leg("answered"), ringing.sid)
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    carrier.ask(call.at("next"), call.sid)
    gone = format_datetime(now - timedelta(seconds=5))
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed", Timestamp=gone)
    row = scene.call(call.id)
    assert (row.outcome, row.answered_at, row.talk_seconds) == (CallOutcome.ABANDONED, None, 0)
    assert row.ended_at is not None
    assert row.ended_at < now


def test_a_peer_who_was_sent_to_a_volunteer_already_gone_is_a_persons_task(carrier: Carrier, scene: Scene) -> None:
    """The volunteer pressed 1 and hung up; the word of that comes late."""
    peer, gone = scene.called_peer(purpose=Purpose.SAFETY), format_datetime(clock.now() - timedelta(seconds=5))
    scene.volunteer()
    carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="0")
    ringing = scene.ringing(peer.call)
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1")
    carrier.ask(peer.call.at("next"), peer.call.sid)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed", Timestamp=gone)
    assert scene.call(peer.call.id).answered_at is None
    assert scene.contacts(peer.call) == [("checkin", "none", "urgent")]


def test_a_call_back_to_a_volunteer_already_gone_is_still_wanted(carrier: Carrier, scene: Scene) -> None:
    promises, gone = Promises(scene, carrier), format_datetime(clock.now() - timedelta(seconds=5))
    ringing, rung = promises.peer_rung()
    promises.key(rung, "1")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed", Timestamp=gone)
    with scene.database.reading() as session:
        assert session.scalars(select(Contact.follow_up).filter_by(kind="callback")).one() == "wanted"
