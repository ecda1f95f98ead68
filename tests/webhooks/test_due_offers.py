"""Between an offer's being written down and its dial things happen: then nobody is rung who shouldn't be."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from phoneline import clock, legs, pauses, rosters
from phoneline.db import Job
from phoneline.dialling import Dialler
from phoneline.line import Line
from phoneline.models import Call, Leg, Person
from phoneline.states import CallState, LegState, OfferResult, Role
from tests import factories
from tests.webhooks.carrier import Carrier, Records
from tests.webhooks.scenes import Ringing, Scene

Change = Callable[[Scene, Ringing], None]


def waiting_to_be_dialled(scene: Scene) -> Ringing:
    return scene.ringing(scene.waiting_call(), state=LegState.PENDING, carrier_sid=None, dialled_at=None)


def dial_what_is_due(line: Line, records: Records) -> list[str]:
    """The numbers that are then dialled."""
    dialler = Dialler(line)
    while dialler._step():
        pass
    dialler.close()
    return [number for what, number in records.asked if what == "dial"]


def goes_off(scene: Scene, who: Ringing) -> None:
    with scene.database.transaction() as session:
        rosters.go_off_shift(session, who.volunteer_id, clock.now())


def takes_a_break(scene: Scene, who: Ringing) -> None:
    with scene.database.transaction() as session:
        pauses.take_break(session, who.volunteer_id, clock.now() + timedelta(hours=1), clock.now())


def calls_the_line(scene: Scene, who: Ringing) -> None:
    scene.waiting_call(person_id=who.volunteer_id, number=who.number, state=CallState.GREETING)


def is_not_ready(scene: Scene, who: Ringing) -> None:
    scene.change(Person, who.volunteer_id, ready=False)


def test_it_is_dialled(line: Line, scene: Scene, records: Records) -> None:
    who = waiting_to_be_dialled(scene)
    assert dial_what_is_due(line, records) == [who.number]


@pytest.mark.parametrize("what", [goes_off, takes_a_break, calls_the_line, is_not_ready])
def test_nobody_is_rung_who_should_not_be_by_then(line: Line, scene: Scene, records: Records, what: Change) -> None:
    who = waiting_to_be_dialled(scene)
    what(scene, who)
    with scene.database.transaction() as session:
        other = factories.person(session, Role.VOLUNTEER, now=clock.now())
        number = other.numbers[0].number
    scene.shift(other.id)
    assert dial_what_is_due(line, records) == [number], "somebody else is asked at once"
    offer = scene.offer(who.offer_id)
    assert (offer.result, offer.leg.state, offer.leg.carrier_sid) == (OfferResult.CANCELLED, LegState.ENDED, None)
    assert offer.released_at is not None


def test_where_nobody_else_can_be_asked_it_is_called_off_all_the_same(
    line: Line, scene: Scene, records: Records
) -> None:
    who = waiting_to_be_dialled(scene)
    goes_off(scene, who)
    assert dial_what_is_due(line, records) == []
    assert scene.offer(who.offer_id).result is OfferResult.CANCELLED


def rung(scene: Scene) -> set[str]:
    with scene.database.reading() as session:
        return {offer.volunteer_id for offer in factories.open_offers(session)}


def test_a_shift_that_begins_or_ends_while_a_caller_waits_counts_from_the_next_turn(
    carrier: Carrier, scene: Scene
) -> None:
    call = scene.waiting_call()
    first = scene.ringing(call)
    with scene.database.transaction() as session:
        later = factories.person(session, Role.VOLUNTEER, now=clock.now()).id
    carrier.ask(first.leg("answered"), first.sid)
    goes_off(scene, first)
    carrier.ask(first.leg("status"), first.sid, CallStatus="no-answer")
    carrier.ask(call.at("wait/1"), call.sid)
    assert rung(scene) == set()
    scene.change(Call, call.id, state=CallState.WAITING)
    scene.shift(later)
    carrier.ask(call.at("wait/2"), call.sid)
    assert rung(scene) == {later}


def test_a_phone_that_rings_as_its_shift_ends_rings_on_and_may_take_the_call(carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call()
    who = scene.ringing(call)
    goes_off(scene, who)
    carrier.ask(call.at("wait/1"), call.sid)
    assert scene.call(call.id).state is CallState.WAITING
    carrier.ask(who.leg("answered"), who.sid)
    carrier.ask(who.at("key/1"), who.sid, Digits="1")
    assert scene.call(call.id).volunteer_id == who.volunteer_id


def test_one_that_nobody_has_begun_to_dial_is_dialled_by_the_process_of_the_next_turn(
    line: Line, scene: Scene, carrier: Carrier
) -> None:
    """With the queue up and neither worker nor clock at work."""
    jobs: list[Job] = []
    line.database.send_jobs = jobs.extend
    call = scene.waiting_call()
    who = scene.ringing(call, state=LegState.PENDING, carrier_sid=None, dialled_at=None)
    for seconds, wanted in ((0, []), (3, [legs.DIAL_HERE])):
        scene.change(Leg, scene.offer(who.offer_id).leg_id, created_at=clock.now() - timedelta(seconds=seconds))
        carrier.ask(call.at("wait/2"), call.sid)
        assert [job.name for job in jobs] == wanted
