"""The carrier sends things twice: the second time changes nothing, and is answered as the first was."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from phoneline import clock, follow_ups, people
from phoneline.models import Call, Contact, Offer, Person
from phoneline.states import CallState, FollowUp
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene

STRANGER = "CA" + "0e" * 16


@dataclass(frozen=True)
class Request:
    path: str
    sid: str
    fields: dict[str, str]


def calling(path: str, state: CallState = CallState.WAITING, **fields: str) -> Callable[[Scene], Request]:
    """About a caller's leg, with a volunteer's phone ringing while it waits."""

    def build(scene: Scene) -> Request:
        call = scene.waiting_call(state=state)
        if state in {CallState.WAITING, CallState.CHOOSING}:
            scene.ringing(call)
        return Request(path if path.startswith("/") else call.at(path), call.sid, fields)

    return build


def offered(path: str, **fields: str) -> Callable[[Scene], Request]:
    """About a volunteer's leg that is ringing for a call, with another volunteer on shift."""

    def build(scene: Scene) -> Request:
        call = scene.waiting_call()
        ringing = scene.ringing(call)
        scene.ringing(scene.waiting_call())
        address = ringing.leg(path.removeprefix("leg ")) if path.startswith("leg ") else ringing.at(path)
        return Request(address, ringing.sid, fields)

    return build


def talked(path: str, *, over: bool = False, **fields: str) -> Callable[[Scene], Request]:
    """About a volunteer's leg in a conversation, or after it."""

    def build(scene: Scene) -> Request:
        call, ringing = scene.talking()
        if over:
            scene.change(Call, call.id, state=CallState.LEFT)
            scene.change(Offer, ringing.offer_id, conversation_ended_at=clock.now(), wrap_up_until=clock.now())
        return Request(ringing.at(path), ringing.sid, fields)

    return build


def third(path: str, *, joined: bool = False, **fields: str) -> Callable[[Scene], Request]:
    """About the leg of the crisis line, which is rung for a conversation or in it."""

    def build(scene: Scene) -> Request:
        _, _, rung = scene.bringing(joined=joined)
        address = rung.leg(path.removeprefix("leg ")) if path.startswith("leg ") else rung.at(path)
        return Request(address, rung.sid, fields)

    return build


def stepped_out(path: str, **fields: str) -> Callable[[Scene], Request]:
    """About the leg of a volunteer who is out of the room, with a coordinator on duty."""

    def build(scene: Scene) -> Request:
        call, ringing = scene.talking()
        scene.change(Call, call.id, state=CallState.ASIDE)
        scene.coordinator()
        return Request(ringing.at(path), ringing.sid, fields)

    return build


def peer(path: str, *, identified: bool = False, **fields: str) -> Callable[[Scene], Request]:
    """About the leg of a peer whose check-in this is."""

    def build(scene: Scene) -> Request:
        called = scene.called_peer()
        if identified:
            scene.identify(called)
        return Request(called.at(path), called.call.sid, fields)

    return build


REQUESTS: dict[str, Callable[[Scene], Request]] = {
    "a call": lambda _scene: Request("/webhooks/voice", STRANGER, {"CallStatus": "ringing"}),
    "its end": calling("/webhooks/voice/status", CallStatus="completed"),
    "its end before anything": lambda _scene: Request("/webhooks/voice/status", STRANGER, {"CallStatus": "completed"}),
    "a language": calling("menu/1", CallState.GREETING, Digits="8"),
    "a wrong key in the menu": calling("menu/1", CallState.GREETING, Digits="5"),
    "a person, please": calling("menu/1", CallState.GREETING, Digits="0"),
    "a wait turn": calling("wait/1"),
    "call me back": calling("wait-key/2", Digits="1"),
    "a message": calling("wait-key/2", Digits="2"),
    "keep waiting": calling("wait-key/2", Digits="0"),
    "call me back, at the cap": calling("choice/1", CallState.CHOOSING, Digits="1"),
    "a message, at the cap": calling("choice/1", CallState.CHOOSING, Digits="2"),
    "wait on, at the cap": calling("choice/1", CallState.CHOOSING, Digits="0"),
    "a wrong key at the cap": calling("choice/1", CallState.CHOOSING, Digits="7"),
    "silence at the cap": calling("message", CallState.CHOOSING),
    "somebody else": calling("left/1", CallState.LEFT, Digits="0"),
    "stayed on": calling("stay", CallState.LEFT),
    "the tone": calling("tone", CallState.MESSAGE),
    "a recording": calling("recording", CallState.MESSAGE, RecordingSid="RE" + "0f" * 16, RecordingDuration="7"),
    "recorded": calling("recorded", CallState.MESSAGE, RecordingDuration="7", Digits="hangup"),
    "an answered offer": offered("leg answered"),
    "a busy volunteer": offered("leg status", CallStatus="busy"),
    "a ringing volunteer": offered("leg status", CallStatus="ringing"),
    "an offer taken": offered("key/1", Digits="1"),
    "an offer passed": offered("key/1", Digits="2"),
    "off shift": offered("key/1", Digits="9"),
    "a wrong key at an offer": offered("key/1", Digits="5"),
    "stepping out": talked("stepped-out"),
    "finished": talked("step-out-key/1", Digits="#"),
    "going back": talked("back"),
    **{f"outcome {key}": talked("outcome-key/1", over=True, Digits=key) for key in ("1", "2", "3", "4", "#", "7")},
    "bring somebody in": stepped_out("step-out-key/1", Digits="2"),
    "bring the coordinator": stepped_out("bring-key/1", Digits="1"),
    "bring whom, a wrong key": stepped_out("bring-key/1", Digits="7"),
    "brought in": third("leg answered"),
    "brought in by key": third("key/1", Digits="1"),
    "would not come": third("key/1", Digits="2"),
    "came in again": third("in", joined=True),
    "brought in and gone": third("leg status", joined=True, CallStatus="completed"),
    "brought in, room closed": third("after", joined=True),
    "it's me": peer("who-key/1", Digits="1"),
    "a wrong key at who": peer("who-key/1", Digits="7"),
    **{f"key {key} at who": peer("who-key/1", Digits=key) for key in ("0", "3", "9")},
    **{
        f"key {key} of a check-in": peer("key/1", identified=True, Digits=key) for key in ("1", "0", "2", "3", "9", "7")
    },
    "silence in the check-in": peer("silent"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_second_time_changes_nothing(carrier: Carrier, scene: Scene, name: str) -> None:
    request = REQUESTS[name](scene)
    first = carrier.post(request.path, request.sid, **request.fields)
    assert first.status_code == 200
    once = scene.settled()
    second = carrier.post(request.path, request.sid, **request.fields)
    assert (second.status_code, second.text) == (200, first.text)
    assert scene.settled() == once


def test_a_call_is_one_row_however_often_it_arrives(carrier: Carrier, scene: Scene) -> None:
    for _ in range(3):
        carrier.ask("/webhooks/voice", STRANGER)
    assert scene.count(Call) == 1
    carrier.ask("/webhooks/voice", "CA" + "1e" * 16)
    assert scene.count(Call) == 2


def test_withheld_callers_are_each_somebody_new(carrier: Carrier, scene: Scene) -> None:
    for count, caller_id in enumerate(["+266696687", "anonymous", ""], start=1):
        carrier.ask("/webhooks/voice", f"CA{count:032x}", From=caller_id)
    with scene.database.reading() as session:
        found = session.scalars(select(Call)).all()
    assert [(one.person_id, one.number) for one in found] == [(None, None)] * 3


def test_off_shift_means_this_shift_and_not_the_next(carrier: Carrier, scene: Scene) -> None:
    ringing = scene.ringing(scene.waiting_call())
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="9")
    assert ringing.volunteer_id not in scene.on_shift()
    scene.shift(ringing.volunteer_id)
    carrier.ask(ringing.at("key/1"), ringing.sid, Digits="9")
    assert ringing.volunteer_id in scene.on_shift()


@pytest.mark.parametrize(("first", "result"), [("1", "ok"), ("0", "talk"), ("3", "later"), ("9", "stop")])
def test_the_first_key_of_a_check_in_holds(carrier: Carrier, scene: Scene, first: str, result: str) -> None:
    called = scene.called_peer()
    scene.identify(called)
    heard = carrier.ask(called.at("key/1"), called.call.sid, Digits=first)
    once = scene.settled()
    for other in ("1", "0", "3", "9"):
        assert carrier.ask(called.at("key/1"), called.call.sid, Digits=other).text == heard.text
    assert scene.settled() == once
    assert scene.attempt(called).result == result


def test_a_late_echo_of_an_outcome_opens_no_follow_up_again(carrier: Carrier, scene: Scene) -> None:
    request = REQUESTS["outcome 3"](scene)
    carrier.ask(request.path, request.sid, **request.fields)
    with scene.database.transaction() as session:
        contact = session.scalars(select(Contact)).one()
        assert follow_ups.finish(session, contact.id, clock.now()) is FollowUp.URGENT
    carrier.ask(request.path, request.sid, **request.fields)
    with scene.database.reading() as session:
        assert session.scalars(select(Contact.follow_up)).one() is FollowUp.DONE


def test_a_late_echo_of_stop_withdraws_no_later_yes(carrier: Carrier, scene: Scene) -> None:
    called = scene.called_peer()
    carrier.ask(called.at("who-key/1"), called.call.sid, Digits="9")
    with scene.database.transaction() as session:
        assert not people.has_consent(session, called.person_id)
        people.give_consent(session, called.person_id, "their word to a coordinator", clock.now())
    carrier.ask(called.at("who-key/1"), called.call.sid, Digits="9")
    with scene.database.reading() as session:
        assert people.has_consent(session, called.person_id)
        assert session.get_one(Person, called.person_id).name == "Mika Example"
