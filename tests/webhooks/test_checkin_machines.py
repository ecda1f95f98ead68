"""The automated check-in call at a machine: what is left, and who has keys nonetheless."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from phoneline import clock, jobs, machine_messages
from phoneline.line import Line
from phoneline.models import Checkin, CheckinPlan, Leg, Person
from phoneline.prompts import catalogue
from phoneline.states import AttemptResult, CheckinState, PlanVoicemail
from tests import factories
from tests.webhooks.carrier import Records
from tests.webhooks.checkin_call import END, Call, Calling
from tests.webhooks.scenes import Scene

WORDS = catalogue("en")


def left(call: Call, line: Line, records: Records) -> list[str]:
    """Where the carrier was asked to send the leg."""
    for job in [machine_messages.LEAVE]:
        jobs.ON_THE_SPOT[job](line, call.attempt.id)
    return [url for what, url in records.asked if what.startswith("redirect")]


def last(call: Call, attempts: int = 2) -> Call:
    """It is the last attempt."""
    call.scene.change(Checkin, call.peer.checkin_id, attempts_used=attempts)
    return call


@pytest.mark.parametrize("by", ["plan", "person"])
def test_on_a_machine_a_few_neutral_words_are_left(
    calling: Calling, scene: Scene, line: Line, records: Records, by: str
) -> None:
    call = last(calling(voicemail=PlanVoicemail.NEUTRAL if by == "plan" else None))
    scene.change(Person, call.peer.person_id, voicemail_ok=by == "person")
    with scene.database.reading() as session:
        leg = session.scalars(select(Leg).filter_by(token=call.peer.leg_token)).one()
        assert machine_messages.may_be_left(session, leg, line.live)
    call.answered()
    call.verdict()
    assert left(call, line, records) == [call.message_url]
    said = call.ask("message").said
    assert said.startswith("Hello, this is a message for Mika. We'll call again")
    assert not re.search("line|check-in|3|9", said)
    call.over()
    assert (call.attempt.result, call.checkin.state) == (AttemptResult.MACHINE, CheckinState.WAITING)


def first_attempt(call: Call) -> None:
    call.scene.change(Checkin, call.peer.checkin_id, attempts_used=0)


def not_allowed(call: Call) -> None:
    call.scene.change(CheckinPlan, call.checkin.plan_id, voicemail=PlanVoicemail.NONE)
    call.scene.change(Person, call.peer.person_id, voicemail_ok=True)


def left_before(call: Call) -> None:
    with call.scene.database.transaction() as session:
        checkin = session.get_one(Checkin, call.peer.checkin_id)
        earlier = factories.call(session, clock.now())
        factories.attempt(session, checkin, earlier, clock.now(), message_at=clock.now(), over_at=clock.now())


def a_wrong_key(call: Call) -> None:
    call.ask("who-key/1", "5")


def their_key(call: Call) -> None:
    call.known()


def the_end(call: Call) -> None:
    call.over()


@pytest.mark.parametrize("why", [first_attempt, not_allowed, left_before, a_wrong_key, their_key, the_end])
def test_nothing_is_left_otherwise(calling: Calling, line: Line, records: Records, why: Callable[[Call], None]) -> None:
    call = last(calling(voicemail=PlanVoicemail.NEUTRAL))
    call.answered()
    why(call)
    call.verdict()
    assert call.attempt.message_at is None
    call.verdict("human")


@pytest.mark.parametrize(("key", "heard"), [("1", "your check-in call"), ("9", "stop now"), ("5", "good moment for")])
def test_a_key_after_the_verdict_leaves_the_leg_to_whoever_pressed_it(
    calling: Calling, line: Line, records: Records, key: str, heard: str
) -> None:
    call = last(calling(voicemail=PlanVoicemail.NEUTRAL))
    call.answered()
    call.verdict()
    assert heard in call.ask("who-key/1", key).said
    assert left(call, line, records) == []
    assert "message for" not in call.ask("message").said, "a redirect was already on its way"


def test_a_person_who_was_taken_for_a_machine_has_keys_while_the_message_is_spoken(calling: Calling) -> None:
    call = last(calling(voicemail=PlanVoicemail.NEUTRAL))
    call.answered()
    call.verdict()
    assert WORDS["checkin_message_there"] in call.ask("message").said
    assert "your check-in call" in call.ask("who-key/2", "1").said
    call.ask("key/1", "1")
    assert (call.checkin.state, call.checkin.settled_by) == (CheckinState.OK, "keypad")


def test_at_a_machine_the_question_is_not_said_again_but_keys_are_awaited(calling: Calling) -> None:
    call = calling()
    call.answered()
    call.verdict("machine_start")
    waiting = call.ask("who/2")
    assert (waiting.said, waiting.verbs) == ("", ["Gather", "Hangup"])
    assert "your check-in call" in call.ask("who-key/2", "1").said


@pytest.mark.parametrize(
    ("heard", "pressed", "result"),
    [
        ("human", [], AttemptResult.NO_KEY),
        ("unknown", ["1"], AttemptResult.NO_KEY),
        ("machine_start", [], AttemptResult.MACHINE),
        ("fax", ["5", "5"], AttemptResult.NO_KEY),
        (END, ["*", "1"], AttemptResult.NO_KEY),
    ],
)
def test_whatever_picks_up_and_presses_no_second_1_is_not_ok(
    calling: Calling, heard: str, pressed: list[str], result: AttemptResult
) -> None:
    """Silence, a machine, a child, the wrong person."""
    call = last(calling(voicemail=PlanVoicemail.NEUTRAL), 1)
    call.answered()
    for key in pressed:
        call.ask("who-key/1", key)
    call.verdict(heard)
    for page in ("message", "silent"):
        call.ask(page)
    call.over()
    call.verdict(heard)
    assert (call.checkin.state, call.checkin.settled_by, call.attempt.result) == (CheckinState.WAITING, None, result)
