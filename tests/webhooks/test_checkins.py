"""The automated check-in call: what is asked before anybody is known, its keys, its machines, and what it promises."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from phoneline import clock, due_checkins, follow_ups, jobs, machine_messages, people
from phoneline.line import Line
from phoneline.models import Attempt, Checkin, CheckinPlan, Contact, Escalation, Leg, Person
from phoneline.prompts import catalogue
from phoneline.recurrence import instant, wall
from phoneline.states import AttemptResult, CallState, CheckinState, PlanVoicemail, Purpose
from tests import factories
from tests.webhooks.carrier import Carrier, Records
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import CalledPeer, Scene
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")
NEVER_QUIET = "00:00-00:00"
NEARLY_ALWAYS_QUIET = "00:00-23:59"
LAID_OUT = clock.now() + timedelta(hours=36)
END = "machine_end_beep"


class Call:
    """One check-in's call, from the moment it is answered."""

    def __init__(self, scene: Scene, carrier: Carrier, **plan: Any) -> None:
        self.scene, self.carrier = scene, carrier
        self.peer: CalledPeer = scene.called_peer(**({"quiet": NEVER_QUIET, "laid_out_until": LAID_OUT} | plan))

    def ask(self, page: str, key: str = "") -> Twiml:
        return self.carrier.ask(self.peer.at(page), self.peer.call.sid, Digits=key)

    def leg(self, page: str, **fields: str) -> Twiml:
        return self.carrier.ask(f"/webhooks/legs/{self.peer.leg_token}/{page}", self.peer.call.sid, **fields)

    def answered(self) -> Twiml:
        return self.leg("answered")

    def known(self) -> Twiml:
        """They have said who they are."""
        return self.ask("who-key/1", "1")

    def verdict(self, word: str = END) -> None:
        self.leg("machine", AnsweredBy=word)

    def over(self) -> None:
        self.leg("status", CallStatus="completed")

    @property
    def checkin(self) -> Checkin:
        return self.scene.checkin(self.peer.checkin_id)

    @property
    def attempt(self) -> Attempt:
        return self.scene.attempt(self.peer)

    @property
    def message_url(self) -> str:
        return f"{self.carrier.public_url}{self.peer.at('message')}"


Calling = Callable[..., Call]


@pytest.fixture
def calling(scene: Scene, carrier: Carrier) -> Calling:
    return lambda **plan: Call(scene, carrier, **plan)


def choices(document: Twiml) -> list[str]:
    return re.findall(r"press (\d)", document.said)


# Who is there?


def test_before_anybody_is_known_only_the_line_and_a_first_name_are_said(calling: Calling) -> None:
    heard = calling().answered()
    assert heard.said.startswith("Hello, this is the peer line. Is this a good moment for Mika?")
    assert choices(heard) == ["1", "3", "9"]
    assert "Example" not in heard.said
    assert "check-in" not in heard.said


def test_discreetly_the_line_is_named_once_they_are_known(calling: Calling) -> None:
    call = calling(discreet=True)
    before = [call.answered(), call.ask("who/2"), call.ask("who-key/1", "5"), call.ask("silent")]
    assert not [document.said for document in before if "line" in document.said]
    assert "Mika" in before[0].said
    assert "check-in call from the peer line" in call.known().said


def test_silence_and_star_have_it_said_once_more_slowly(calling: Calling) -> None:
    call = calling()
    for again in (call.ask("who/2"), call.ask("who-key/2", "*")):
        assert again.said.startswith(WORDS["checkin_slowly"])
        assert again.text.count("<Pause") == again.text.count("<Say") == 6
    call.known()
    for again in (call.ask("menu/2"), call.ask("key/2", "*")):
        assert again.said.startswith(WORDS["checkin_slowly"])
        assert "<Pause" in again.text
    assert call.ask("key/2", "5").said == WORDS["checkin_silent"], "a wrong key isn't asked a third time"


def test_once_known_they_hear_who_calls_four_choices_and_a_number(calling: Calling, scene: Scene) -> None:
    scene.volunteer()
    call = calling()
    heard = call.known()
    assert "check-in call from the peer line" in heard.said
    assert choices(heard) == ["1", "0", "3", "9"]
    assert "4 1 6, 5 5 5, 0 1 0 0" in heard.said
    scene.change(Checkin, call.peer.checkin_id, snoozes_used=2)
    assert choices(call.ask("menu/1")) == ["1", "0", "9"]


# I'm OK, and what comes next


@pytest.mark.parametrize(
    ("rule", "laid_out", "said"),
    [
        ("FREQ=DAILY", True, "Your next call is tomorrow at"),
        ("FREQ=WEEKLY", False, "Your next call is on "),
        ("", False, "Good to hear from you. Until next time, goodbye."),
    ],
)
def test_who_is_ok_hears_when_the_next_call_comes(
    calling: Calling, scene: Scene, rule: str, laid_out: bool, said: str
) -> None:
    """Also of a day for which nothing is laid out yet."""
    call = calling(rrule=rule)
    with scene.database.transaction() as session:
        plan = session.get_one(Checkin, call.peer.checkin_id).plan
        plan.laid_out_until = clock.now() + timedelta(hours=36)
        if laid_out:
            tomorrow = wall(clock.now(), factories.TORONTO) + timedelta(days=1)
            factories.checkin(session, plan, instant(tomorrow, factories.TORONTO))
    call.known()
    assert said in call.ask("key/1", "1").said
    assert call.checkin.state is CheckinState.OK


# Talk now


def test_with_somebody_on_shift_they_wait_as_any_caller(calling: Calling, scene: Scene) -> None:
    scene.volunteer()
    call = calling()
    assert WORDS["checkin_key_talk"] in call.known().said
    assert "ringing someone for you" in call.ask("key/1", "2").said
    ways = call.carrier.ask(call.peer.call.at("wait/2"), call.peer.call.sid).said
    assert choices(Twiml(f"<Response><Say>{ways}</Say><Hangup/></Response>")) == ["1", "2"]
    promised = call.carrier.ask(call.peer.call.at("wait-key/2"), call.peer.call.sid, Digits="1")
    assert WORDS["callback_promised_here"] in promised.said
    assert scene.call(call.peer.call.id).state is CallState.CALLBACK


@pytest.mark.parametrize("known", [True, False])
def test_with_nobody_on_shift_a_call_back_is_promised_and_settles_the_check_in(
    calling: Calling, scene: Scene, carrier: Carrier, known: bool
) -> None:
    call, promises = calling(), Promises(scene, carrier)
    with scene.database.transaction() as session:
        session.scalars(select(Leg).filter_by(token=call.peer.leg_token)).one().digits = "ww12"
    if known:
        assert WORDS["checkin_key_call_back"] in call.known().said
    promised = call.ask("key/1" if known else "who-key/1", "0")
    assert WORDS["callback_promised_here"] in promised.said
    assert "9 8 8" in promised.said
    call.over()
    assert (call.checkin.state, call.checkin.hands_off_at is None) == (CheckinState.WAITING, False)
    assert scene.contacts(call.peer.call) == [("callback", "none", "wanted"), ("checkin", "none", "urgent")]
    volunteer = scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    rung = promises.taken(ringing)
    with scene.database.reading() as session:
        assert session.scalars(select(Leg.digits).filter_by(token=rung.leg_token)).one() == "ww12", "the same extension"
    promises.key(rung, "1")
    assert (call.checkin.state, call.checkin.settled_by) == (CheckinState.TALKED, "volunteer")
    assert scene.contacts(call.peer.call) == [("callback", "none", "done"), ("checkin", "none", "done")]
    with scene.database.reading() as session:
        (line,) = session.scalars(select(Contact).filter_by(checkin_id=call.peer.checkin_id))
        assert line.volunteer_id == volunteer
    promises.ended(rung)
    carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits="4")
    assert ("checkin", "none", "wanted") in scene.contacts(call.peer.call), "that was somebody else"


def test_a_promised_talk_that_a_coordinator_saw_to_climbs_no_ladder(calling: Calling, scene: Scene, line: Line) -> None:
    call = calling(purpose=Purpose.SAFETY)
    call.ask("who-key/1", "0")
    call.over()
    with scene.database.transaction() as session:
        contact = session.scalars(select(Contact).filter_by(checkin_id=call.peer.checkin_id)).one()
        follow_ups.finish(session, contact.id, clock.now())
    with scene.database.transaction() as session:
        due_checkins.hold_or_expire(session, line.live, factories.TORONTO, clock.now() + timedelta(seconds=3))
    with scene.database.transaction() as session:
        due_checkins.hold_or_expire(session, line.live, factories.TORONTO, clock.now() + timedelta(seconds=3700))
    assert call.checkin.state is CheckinState.UNREACHED
    assert ("checkin", "none", "done") in scene.contacts(call.peer.call)
    assert scene.count(Escalation) == 0


def test_a_promised_talk_is_waited_for_without_more_automated_calls_until_its_deadline(
    calling: Calling, scene: Scene, carrier: Carrier, line: Line
) -> None:
    """A call-back that comes later changes nothing final."""
    call, promises = calling(), Promises(scene, carrier)
    call.ask("who-key/1", "0")
    call.over()
    for seconds, state in ((0, "waiting"), (3000, "waiting"), (3700, "unreached")):
        with scene.database.transaction() as session:
            now = clock.now() + timedelta(seconds=seconds)
            due_checkins.hold_or_expire(session, line.live, factories.TORONTO, now)
            assert due_checkins.begin_attempt(session, line.live, factories.TORONTO, now) is None
        assert call.checkin.state == state
    assert ("checkin", "none", "urgent") in scene.contacts(call.peer.call)
    scene.volunteer()
    (ringing,) = promises.volunteers_rung()
    promises.key(promises.taken(ringing), "1")
    assert (call.checkin.state, call.checkin.settled_by) == (CheckinState.UNREACHED, None)
    assert promises.states() == [("joined", 0)]


@pytest.mark.parametrize(("outcome", "settled"), [("1", ("talked", "volunteer")), ("4", ("due", None))])
def test_whoever_talked_when_called_back_is_not_called_for_the_days_check_in(
    scene: Scene, carrier: Carrier, outcome: str, settled: tuple[str, str | None]
) -> None:
    promises = Promises(scene, carrier)
    ringing, rung = promises.peer_rung()
    with scene.database.transaction() as session:
        peer = session.get_one(Person, scene.call(rung.call.id).person_id)
        plan = factories.plan(session, peer, clock.now().replace(tzinfo=None), clock.now())
        checkin_id = factories.checkin(session, plan, clock.now()).id
    promises.key(rung, "1")
    promises.ended(rung)
    carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits=outcome)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    row = scene.checkin(checkin_id)
    assert (row.state, row.settled_by) == settled


# Later


def in_(hours: float) -> datetime:
    return clock.now().astimezone(factories.TORONTO) + timedelta(hours=hours)


def minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def test_later_holds_at_once_and_another_time_may_be_keyed(calling: Calling) -> None:
    call = calling()
    call.known()
    offered = call.ask("key/1", "3")
    assert "I'll call again " in offered.said
    assert ("four digits" in offered.said, 'finishOnKey="#"' in offered.text) == (True, True)
    assert call.checkin.state is CheckinState.WAITING
    assert minute(call.checkin.attempt_due_at) in {minute(in_(1)), minute(in_(1) - timedelta(minutes=1))}
    wanted = in_(14.3)
    chosen = call.ask("later/1", f"{wanted:%H%M}")
    assert chosen.said == call.ask("later/1", f"{wanted:%H%M}").said
    assert WORDS["checkin_time_unfit"] not in chosen.said
    assert call.checkin.attempt_due_at in {minute(wanted), minute(wanted - timedelta(hours=12))}, "or 2 for 14"
    assert call.checkin.attempt_due_at == call.checkin.dial_after
    assert call.checkin.attempt_due_at < call.checkin.day_until, "heard from on that day, it is settled"
    assert call.ask("key/1", "3").said.startswith(chosen.said[:30]), "said again it is still that time"
    call.over()
    row = call.checkin
    assert (row.attempts_used, row.snoozes_used, call.attempt.result) == (0, 1, AttemptResult.LATER)


@pytest.mark.parametrize(("digits", "refused"), [("9999", "checkin_time_unfit"), ("", "checkin_time_unfit")])
def test_a_time_that_will_not_do_is_asked_once_more_and_the_first_stands(
    calling: Calling, digits: str, refused: str
) -> None:
    call = calling()
    call.known()
    call.ask("key/1", "3")
    before = call.checkin.attempt_due_at
    again = call.ask("later/1", digits)
    assert again.said.startswith(WORDS[refused])
    assert WORDS["checkin_another_time"] in again.said
    assert WORDS["checkin_another_time"] not in call.ask("later/3", digits).said
    assert call.checkin.attempt_due_at == before


def test_no_time_in_quiet_hours_nor_after_the_next_call(calling: Calling, scene: Scene) -> None:
    call = calling(quiet=NEARLY_ALWAYS_QUIET)
    call.known()
    call.ask("key/1", "3")
    assert call.ask("later/1", f"{in_(2):%H%M}").said.startswith(WORDS["checkin_time_quiet"])
    scene.change(CheckinPlan, call.checkin.plan_id, quiet=NEVER_QUIET)
    with scene.database.transaction() as session:
        plan = session.get_one(CheckinPlan, call.checkin.plan_id)
        factories.checkin(session, plan, clock.now() + timedelta(minutes=1))
    assert call.ask("later/1", f"{in_(2):%H%M}").said.startswith(WORDS["checkin_time_unfit"])


def test_later_by_somebody_unknown_uses_an_attempt_and_tells_no_time(calling: Calling) -> None:
    call = calling()
    assert call.ask("who-key/1", "3").said == WORDS["checkin_later"]
    assert last(calling()).ask("who-key/1", "3").said == WORDS["callback_later"], "after the last nothing is promised"
    before = call.checkin
    assert (before.state, before.attempts_used, before.snoozes_used) == (CheckinState.WAITING, 1, 1)
    assert call.ask("later/1", f"{in_(2):%H%M}").said == WORDS["checkin_over"]
    assert call.checkin.attempt_due_at == before.attempt_due_at


# Stop


def test_stop_says_what_has_stopped_and_how_to_come_back(calling: Calling, scene: Scene) -> None:
    call = calling(purpose="safety")
    assert call.ask("who-key/1", "9").said == WORDS["checkin_stopped"]
    assert scene.contacts(call.peer.call) == [("checkin", "none", "urgent")]
    with scene.database.reading() as session:
        assert not people.has_consent(session, call.peer.person_id)


# Machines


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
