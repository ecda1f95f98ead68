"""Several requests in the same instant, on real threads and real databases."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import select

from phoneline import clock, legs, offers
from phoneline.models import Call, Leg, Offer
from phoneline.prompts import catalogue
from phoneline.states import CallState, LegState, OfferResult
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.words import heard

WORDS = catalogue("en")
Answer = TypeVar("Answer")


def at_once(requests: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All requests, let go together; their answers in the same order."""
    gate = threading.Barrier(len(requests))

    def go(request: Callable[[], Answer]) -> Answer:
        gate.wait(30)
        return request()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(go, requests))


@pytest.mark.parametrize("volunteers", [2, 4, 20])
def test_of_twenty_keys_pressed_together_one_takes_the_call(carrier: Carrier, scene: Scene, volunteers: int) -> None:
    call = scene.waiting_call()
    legs = [scene.ringing(call) for _ in range(volunteers)]
    presses = [legs[index % volunteers] for index in range(20)]
    answers = at_once([partial(carrier.ask, leg.at("key/1"), leg.sid, Digits="1") for leg in presses])

    row = scene.call(call.id)
    assert row.state is CallState.CONNECTED
    assert row.volunteer_id in {leg.volunteer_id for leg in legs}
    with scene.database.reading() as session:
        results = {one.volunteer_id: one.result for one in session.scalars(select(Offer)).all()}
    assert [who for who, result in results.items() if result is OfferResult.ACCEPTED] == [row.volunteer_id]
    assert {result for who, result in results.items() if who != row.volunteer_id} <= {OfferResult.CANCELLED}
    for leg, answer in zip(presses, answers, strict=True):
        if leg.volunteer_id == row.volunteer_id:
            assert answer.room == row.room
        else:
            assert answer.said == WORDS["offer_taken"]
            assert answer.verbs == ["Say", "Hangup"]
    losers = [scene.offer(leg.offer_id).leg for leg in legs if leg.volunteer_id != row.volunteer_id]
    assert all(leg.end_wanted_at is not None for leg in losers), "their legs are ended at the carrier too"


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [("1", CallState.CALLBACK, "callback_promised"), ("2", CallState.MESSAGE, "recorder")],
)
def test_a_way_out_and_an_accept_in_one_instant_agree(
    carrier: Carrier, scene: Scene, key: str, state: CallState, said: str
) -> None:
    """Whichever commit is first holds, and both hear of it."""
    for attempt in range(10):
        call = scene.waiting_call()
        leg = scene.ringing(call)
        accept = partial(carrier.ask, leg.at("key/1"), leg.sid, Digits="1")
        leave = partial(carrier.ask, call.at("wait-key/2"), call.sid, Digits=key)
        both = at_once([accept, leave] if attempt % 2 else [leave, accept])
        volunteer, caller = both if attempt % 2 else reversed(both)
        row = scene.call(call.id)
        if row.state is CallState.CONNECTED:
            assert volunteer.room == caller.room == row.room
            assert scene.contacts(call) == []
            assert row.way_out_at is None
        else:
            assert row.state is state
            assert heard(said) in caller.said
            assert volunteer.said == WORDS["offer_over"]
            assert [follow_up for _, _, follow_up in scene.contacts(call)] == ["wanted"]
            assert scene.offer(leg.offer_id).result is OfferResult.CANCELLED


def test_first_come_first_served(carrier: Carrier, scene: Scene) -> None:
    """The same two requests one after the other, so that both ends of the race have been seen."""
    call = scene.waiting_call()
    leg = scene.ringing(call)
    room = carrier.ask(leg.at("key/1"), leg.sid, Digits="1").room
    assert room is not None
    assert carrier.ask(call.at("wait-key/2"), call.sid, Digits="1").room == room
    call = scene.waiting_call()
    leg = scene.ringing(call)
    assert carrier.ask(call.at("wait-key/2"), call.sid, Digits="1").said == WORDS["callback_promised"]
    assert carrier.ask(leg.at("key/1"), leg.sid, Digits="1").said == WORDS["offer_over"]


def test_a_hang_up_and_an_accept_in_one_instant_leave_nobody_in_a_room_alone(carrier: Carrier, scene: Scene) -> None:
    for _ in range(10):
        call = scene.waiting_call()
        leg = scene.ringing(call)
        volunteer, _ = at_once(
            [
                partial(carrier.ask, leg.at("key/1"), leg.sid, Digits="1"),
                partial(carrier.ask, "/webhooks/voice/status", call.sid, CallStatus="completed"),
            ]
        )
        row, offer = scene.call(call.id), scene.offer(leg.offer_id)
        assert row.state is CallState.ENDED
        if offer.result is OfferResult.ACCEPTED:
            assert volunteer.room == row.room
            assert offer.conversation_ended_at is not None
            assert offer.nudge_at is not None, "they are taken out of the room again"
        else:
            assert (offer.result, volunteer.verbs) == (OfferResult.CANCELLED, ["Say", "Hangup"])


def test_a_call_that_arrives_twice_at_once_is_one_row(carrier: Carrier, scene: Scene) -> None:
    for count in range(5):
        sid = f"CA{count:032x}"
        answers = at_once([partial(carrier.ask, "/webhooks/voice", sid)] * 8)
        assert len({one.text for one in answers}) == 1
        assert scene.count(Call) == count + 1


def test_callers_who_wait_at_once_ring_all_who_are_free_and_nobody_twice(carrier: Carrier, scene: Scene) -> None:
    """Whoever finds that another call has just taken their choice asks somebody else in the same instant."""
    first = scene.waiting_call()
    free = {scene.ringing(first).volunteer_id for _ in range(3)}
    calls = [first]
    for _ in range(5):
        for call in calls:
            carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
        scene.end_legs()
        calls = [scene.waiting_call() for _ in range(8)]
        at_once([partial(carrier.ask, call.at("wait/1"), call.sid) for call in calls])
        with scene.database.reading() as session:
            rung = session.scalars(select(Offer.volunteer_id).where(Offer.released_at.is_(None))).all()
        assert sorted(rung) == sorted(free)


def test_a_leg_that_is_dialled_in_the_instant_in_which_its_caller_goes_rings_and_holds_its_volunteer(
    scene: Scene,
) -> None:
    """Were it taken for one that was never dialled, the volunteer would be rung for somebody else meanwhile."""
    if scene.database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    call = scene.waiting_call()
    ringing = scene.ringing(call, state=LegState.PENDING, carrier_sid=None, dialled_at=None)
    with scene.database.transaction() as going:
        row = going.get_one(Call, call.id)
        pending = going.scalars(select(Offer).where(Offer.id == ringing.offer_id)).one()
        assert pending.leg.state is LegState.PENDING
        with scene.database.transaction() as dialling:
            legs.begin_dialling(dialling.get_one(Leg, pending.leg_id), clock.now())
        offers.cancel_open(going, row, clock.now())
    offer = scene.offer(ringing.offer_id)
    assert (offer.leg.state, offer.result) == (LegState.DIALLING, OfferResult.CANCELLED)
    assert offer.leg.end_wanted_at is not None
    assert offer.released_at is None


def test_who_is_fetched_into_the_room_does_not_go_there_twice(carrier: Carrier, scene: Scene) -> None:
    """The redirect that is on its way would take them out of the room again, and close it over the volunteer."""
    call = scene.waiting_call()
    leg = scene.ringing(call)
    room = carrier.ask(leg.at("key/1"), leg.sid, Digits="1").room
    assert carrier.ask(call.at("wait/3"), call.sid).verbs == ["Pause", "Redirect"]
    assert scene.call(call.id).joined_at is None
    assert carrier.ask(call.at("next"), call.sid).room == room
    assert carrier.ask(call.at("wait/3"), call.sid).room == room, "said again, that turn changes nothing"
