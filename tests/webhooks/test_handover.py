"""Somebody brought into a conversation: the volunteer stays until they are there, the caller is never left alone."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from phoneline import calls, clock, handovers
from phoneline.dialling import _still_wanted
from phoneline.line import Line
from phoneline.models import Call, Contact, Handover, Leg, Offer
from phoneline.prompts import catalogue
from phoneline.states import CallState, HandoverKind, LegState, OfferResult
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Ringing, Scene, Third
from wsgi import create_app

WORDS = catalogue("en")
CRISIS_LINE = "+14165550142"


@pytest.fixture
def with_crisis_line(line: Line) -> Carrier:
    return Carrier(create_app(replace(line, settings=replace(line.settings, fallback_number=CRISIS_LINE))))


def step_out(carrier: Carrier, ringing: Ringing) -> str:
    """`*`: what the volunteer hears."""
    return carrier.ask(ringing.at("stepped-out"), ringing.sid).said


def bring(carrier: Carrier, ringing: Ringing) -> str | None:
    """`*`, then 2: the room that the volunteer goes back to."""
    step_out(carrier, ringing)
    return carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="2").room


def comes(carrier: Carrier, third: Third) -> str | None:
    """They pick up, and press 1 if they are asked for a key: the room that they go into."""
    document = carrier.ask(third.leg("answered"), third.sid)
    return document.room or carrier.ask(third.at("key/1"), third.sid, Digits="1").room


def hangs_up(carrier: Carrier, leg: Ringing | Third) -> None:
    carrier.ask(leg.leg("status"), leg.sid, CallStatus="completed")


def handed_over(scene: Scene, call: OnTheLine) -> list[HandoverKind | None]:
    with scene.database.reading() as session:
        found = session.scalars(select(Contact).where(Contact.call_id == call.id)).all()
        assert all((one.handed_over_at is None) == (one.handed_over_to is None) for one in found)
        return [one.handed_over_to for one in found]


def test_nobody_to_bring_in_is_not_offered(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    scene.coordinator(hours=-0.5)
    assert step_out(carrier, ringing) == WORDS["step_out"]
    document = carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="2")
    assert document.said == WORDS["step_out"], "counts as a wrong key"
    assert carrier.ask(ringing.at("step-out-key/2"), ringing.sid, Digits="2").room == scene.call(call.id).room
    assert scene.handovers(call) == []


def test_the_coordinator_is_asked_for_a_key_and_comes_into_the_room(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    coordinator = scene.coordinator()
    assert step_out(carrier, ringing) == WORDS["step_out_bring"]
    back = carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="2")
    assert (back.said, back.room) == (WORDS["bring_rings"], scene.call(call.id).room)
    caller = carrier.ask(call.at("next"), call.sid)
    assert (caller.said, caller.room) == (WORDS["handover_is_rung"], back.room)
    third = scene.third(call)
    assert third.person_id == coordinator
    assert carrier.ask(third.leg("answered"), third.sid).said == WORDS["handover_offer"]
    assert handed_over(scene, call) == []
    document = carrier.ask(third.at("key/1"), third.sid, Digits="1")
    assert (document.said, document.room) == (WORDS["handover_join"], back.room)
    assert handed_over(scene, call) == [HandoverKind.COORDINATOR]
    assert scene.handovers(call) == [("coordinator", "joined")]


def test_the_crisis_line_is_asked_for_no_key(with_crisis_line: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    room = bring(with_crisis_line, ringing)
    third = scene.third(call)
    assert (third.number, third.person_id) == (CRISIS_LINE, None)
    assert with_crisis_line.ask(third.leg("answered"), third.sid).room == room
    assert handed_over(scene, call) == [HandoverKind.CRISIS]


@pytest.mark.parametrize(("key", "kind"), [("1", "coordinator"), ("2", "crisis")])
def test_where_there_are_both_the_volunteer_says_whom(
    with_crisis_line: Carrier, scene: Scene, key: str, kind: str
) -> None:
    carrier = with_crisis_line
    call, ringing = scene.talking()
    scene.coordinator()
    step_out(carrier, ringing)
    assert carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="2").said == WORDS["bring_whom"]
    assert scene.handovers(call) == []
    assert carrier.ask(ringing.at("bring-key/1"), ringing.sid, Digits="5").said == WORDS["bring_whom"]
    assert carrier.ask(ringing.at("bring-key/2"), ringing.sid, Digits=key).said == WORDS["bring_rings"]
    assert scene.handovers(call) == [(kind, None)]


def test_coordinators_are_tried_one_after_another_and_the_contact_is_not_marked(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    both = {scene.coordinator(), scene.coordinator()}
    bring(carrier, ringing)
    first = scene.third(call)
    carrier.ask(first.leg("status"), first.sid, CallStatus="no-answer")
    second = scene.third(call)
    assert {first.person_id, second.person_id} == both
    carrier.ask(second.leg("answered"), second.sid)
    assert carrier.ask(second.at("key/1"), second.sid, Digits="2").said == WORDS["offer_passed"]
    hangs_up(carrier, second)
    assert scene.handovers(call) == [("coordinator", "no_answer"), ("coordinator", "declined")]
    assert step_out(carrier, ringing) == f"{WORDS['nobody_came']} {WORDS['step_out_bring']}"
    assert handed_over(scene, call) == []
    carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="2")
    assert scene.third(call).person_id == first.person_id, "asked for anew, they are rung anew"


def test_the_next_coordinator_is_not_rung_for_a_volunteer_who_has_gone(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    for _ in range(2):
        scene.coordinator()
    bring(carrier, ringing)
    first = scene.third(call)
    hangs_up(carrier, ringing)
    carrier.ask(first.leg("status"), first.sid, CallStatus="no-answer")
    assert scene.handovers(call) == [("coordinator", "no_answer")]


def test_a_machine_never_comes_in_for_a_coordinator(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    scene.coordinator()
    bring(carrier, ringing)
    third = scene.third(call)
    assert carrier.ask(third.leg("answered"), third.sid).verbs == ["Gather", "Hangup"]
    hangs_up(carrier, third)
    assert scene.handovers(call) == [("coordinator", "no_answer")]


@pytest.mark.parametrize("how", ["star and pound", "hung up"])
def test_the_volunteer_may_leave_the_two_together(carrier: Carrier, scene: Scene, how: str) -> None:
    call, ringing = scene.talking()
    scene.coordinator()
    room = bring(carrier, ringing)
    carrier.ask(call.at("next"), call.sid)
    third = scene.third(call)
    assert comes(carrier, third) == room
    if how == "hung up":
        hangs_up(carrier, ringing)
    else:
        assert step_out(carrier, ringing) == WORDS["step_out_together"]
        assert scene.call(call.id).state is CallState.CONNECTED, "the caller is not put on hold"
        document = carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="#")
        assert document.said == WORDS["outcome"]
    row = scene.call(call.id)
    assert (row.state, row.room, row.nudge_at) == (CallState.CONNECTED, room, None)
    assert row.joined_at is not None, "they talk on"
    assert scene.offer(ringing.offer_id).conversation_ended_at is not None
    hangs_up(carrier, third)
    assert carrier.ask(call.at("next"), call.sid).said == WORDS["left"]


def test_the_time_with_the_third_party_alone_counts_as_talk(carrier: Carrier, scene: Scene) -> None:
    call, ringing, _ = scene.bringing(joined=True)
    hangs_up(carrier, ringing)
    before = scene.call(call.id).talk_seconds
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    row = scene.call(call.id)
    assert (row.talk_seconds > before, row.joined_at) == (True, None)


def test_the_third_partys_end_leaves_the_caller_with_the_volunteer(carrier: Carrier, scene: Scene) -> None:
    call, _, third = scene.bringing(joined=True)
    hangs_up(carrier, third)
    row = scene.call(call.id)
    assert (row.state, row.nudge_at) == (CallState.CONNECTED, None)


def test_and_if_the_volunteer_is_out_the_caller_hears_that_they_come_back(carrier: Carrier, scene: Scene) -> None:
    call, ringing, third = scene.bringing(joined=True)
    step_out(carrier, ringing)
    hangs_up(carrier, third)
    assert carrier.ask(call.at("next"), call.sid).said == WORDS["aside"]
    room = carrier.ask(ringing.at("back"), ringing.sid).room
    assert carrier.ask(call.at("next"), call.sid).room == room is not None


def test_a_volunteer_who_is_back_is_not_put_aside_by_the_third_partys_end(carrier: Carrier, scene: Scene) -> None:
    call, ringing, third = scene.bringing(joined=True)
    step_out(carrier, ringing)
    carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="1")
    hangs_up(carrier, third)
    assert scene.call(call.id).state is CallState.CONNECTED


def test_who_picks_up_while_the_caller_is_on_hold_waits_a_moment(carrier: Carrier, scene: Scene) -> None:
    _, ringing, third = scene.bringing()
    step_out(carrier, ringing)
    document = carrier.ask(third.leg("answered"), third.sid)
    assert (document.said, document.room) == (WORDS["handover_hold"], None)
    room = carrier.ask(ringing.at("back"), ringing.sid).room
    assert carrier.ask(third.at("in"), third.sid).room == room


@pytest.mark.parametrize("left_by", ["#", "hung up"])
def test_a_volunteer_gone_before_the_third_party_came_does_not_stop_them(
    carrier: Carrier, scene: Scene, left_by: str
) -> None:
    """A dead battery in the middle of it: whoever picks up finds the caller."""
    call, ringing, third = scene.bringing()
    if left_by == "#":
        step_out(carrier, ringing)
        carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="#")
    else:
        hangs_up(carrier, ringing)
    assert carrier.ask(call.at("next"), call.sid).said == WORDS["left"]
    carrier.ask(call.at("stay"), call.sid)
    another = scene.ringing(call)
    room = carrier.ask(third.leg("answered"), third.sid).room
    assert carrier.ask(call.at("next"), call.sid).room == room is not None
    assert scene.offer(another.offer_id).result is OfferResult.CANCELLED


def test_one_on_hold_takes_over_at_once_from_a_volunteer_who_finishes(carrier: Carrier, scene: Scene) -> None:
    call, ringing, third = scene.bringing()
    step_out(carrier, ringing)
    carrier.ask(third.leg("answered"), third.sid)
    carrier.ask(ringing.at("step-out-key/1"), ringing.sid, Digits="#")
    room = carrier.ask(call.at("next"), call.sid).room
    assert carrier.ask(third.at("in"), third.sid).room == room is not None


@pytest.mark.parametrize("joined", [False, True], ids=["rung", "in the room"])
def test_the_callers_end_ends_the_third_partys_leg(carrier: Carrier, scene: Scene, joined: bool) -> None:
    call, _, third = scene.bringing(joined=joined)
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    handover = scene.handover(third.handover_id)
    assert handover.leg.end_wanted_at is not None
    assert handover.result == ("joined" if joined else "cancelled")
    document = carrier.ask(third.leg("answered"), third.sid)
    assert document.said == WORDS["caller_gone" if joined else "offer_over"]
    assert document.verbs[-1] == "Hangup"
    hangs_up(carrier, third)
    assert scene.handover(third.handover_id).ended_at is not None


def test_a_promise_made_meanwhile_ends_the_ringing(carrier: Carrier, scene: Scene) -> None:
    call, ringing, third = scene.bringing()
    hangs_up(carrier, ringing)
    carrier.ask(call.at("stay"), call.sid)
    carrier.ask(call.at("wait-key/2"), call.sid, Digits="2")
    assert scene.call(call.id).state is CallState.MESSAGE
    assert scene.handover(third.handover_id).leg.end_wanted_at is not None
    assert carrier.ask(third.leg("answered"), third.sid).said == WORDS["offer_over"]
    assert set(handed_over(scene, call)) == {None}


def test_one_that_was_not_dialled_in_time_is_not_dialled_any_more(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    scene.coordinator()
    bring(carrier, ringing)
    with scene.database.reading() as session:
        leg = session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).one()
        assert _still_wanted(session, leg, clock.now())
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    with scene.database.reading() as session:
        assert not _still_wanted(session, session.get_one(Leg, leg.id), clock.now())
        handover = session.scalars(select(Handover)).one()
        assert (handover.result, handover.ended_at is None) == ("cancelled", False)


def test_a_coordinator_is_brought_into_one_call_and_offered_no_other(carrier: Carrier, scene: Scene) -> None:
    call, ringing = scene.talking()
    coordinator = scene.coordinator(also_volunteer=True)
    other, busy = scene.talking()
    assert step_out(carrier, busy) == WORDS["step_out_bring"]
    bring(carrier, ringing)
    assert scene.third(call).person_id == coordinator
    assert step_out(carrier, busy) == WORDS["step_out"]
    waiting = scene.waiting_call()
    carrier.ask(waiting.at("wait/1"), waiting.sid)
    with scene.database.reading() as session:
        offered = session.scalars(select(Offer.volunteer_id).where(Offer.call_id == waiting.id)).all()
        assert coordinator not in offered
    assert scene.handovers(other) == []


def test_one_who_talks_is_not_rung_as_a_coordinator(carrier: Carrier, scene: Scene) -> None:
    """The volunteer themself, the caller themself, or one who is being rung for another call."""
    call, ringing = scene.talking()
    coordinator = scene.coordinator(also_volunteer=True)
    waiting = scene.waiting_call()
    carrier.ask(waiting.at("wait/1"), waiting.sid)
    with scene.database.reading() as session:
        assert session.scalars(select(Offer.volunteer_id).where(Offer.call_id == waiting.id)).all() == [coordinator]
    assert step_out(carrier, ringing) == WORDS["step_out"]
    scene.end_legs()
    scene.change(Call, call.id, person_id=coordinator)
    assert WORDS["step_out_bring"] not in step_out(carrier, ringing)


def test_a_caller_who_comes_out_of_the_room_alone_is_left_by_all(carrier: Carrier, scene: Scene) -> None:
    call, ringing, third = scene.bringing(joined=True)
    assert carrier.ask(call.at("alone"), call.sid).said == WORDS["left"]
    assert scene.handover(third.handover_id).leg.end_wanted_at is not None
    assert scene.offer(ringing.offer_id).conversation_ended_at is not None


def test_somebody_gone_from_the_room_has_the_carrier_asked_about_the_third_leg_too(
    carrier: Carrier, scene: Scene
) -> None:
    call, _, third = scene.bringing(joined=True)
    carrier.ask(third.at("room"), third.sid, StatusCallbackEvent="participant-leave")
    with scene.database.reading() as session:
        soon = session.get_one(Handover, third.handover_id).leg.check_at
        assert soon <= calls.by_id(session, call.id).check_at
        assert (soon - clock.now()).total_seconds() <= 1
        assert handovers.in_room(session, session.get_one(Call, call.id)) is not None
