"""The automated check-in call: what is asked before anybody is known, its keys, its machines, and what it promises."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, due_checkins, follow_ups, people
from phoneline.line import Line
from phoneline.models import Checkin, CheckinPlan, Contact, Escalation, Leg, Person
from phoneline.prompts import catalogue
from phoneline.recurrence import instant, wall
from phoneline.states import AttemptResult, CallState, CheckinState, Purpose
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.checkin_call import NEVER_QUIET, Calling
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import Scene
from tests.webhooks.test_checkin_machines import last
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")
NEARLY_ALWAYS_QUIET = "00:00-23:59"


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
