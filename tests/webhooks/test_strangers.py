"""Ids and addresses that aren't, or are no longer, what they say: answered, and without effect."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from phoneline import clock
from phoneline.models import Call
from phoneline.prompts import catalogue
from phoneline.states import CallOutcome, CallState, LegEnd, LegState
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.test_signed import rules
from tests.webhooks.twiml import Twiml

FAILED = catalogue("en")["leg_failed"]
UNKNOWN = "CA" + "99" * 16
KEYS = ("", "1", "#")
WORDS = {
    "CallStatus": "completed",
    "RecordingSid": "RE" + "99" * 16,
    "RecordingDuration": "7",
    "AnsweredBy": "machine_start",
}


def paths(app: Flask, token: str) -> list[str]:
    """Every address that has a token, with this one."""
    return [
        re.sub(r"<int:\w+>", "1", rule.rule.replace("<token>", token)) for rule in rules(app) if "<token>" in rule.rule
    ]


def test_a_stale_token_is_answered_and_does_nothing(app: Flask, carrier: Carrier, scene: Scene) -> None:
    call, _ = scene.talking()
    before = scene.dump()
    for path in paths(app, "there-is-no-such-token"):
        for key in KEYS:
            answer = carrier.post(path, call.sid, Digits=key, **WORDS)
            assert answer.status_code == 200, path
            assert Twiml(answer.text).verbs in ([], ["Hangup"]), path
    assert scene.dump() == before


def test_another_legs_id_is_answered_and_does_nothing(app: Flask, carrier: Carrier, scene: Scene) -> None:
    """The address proves that the leg exists; the id in the form must be that leg's."""
    call, ringing = scene.talking()
    waiting, peer = scene.waiting_call(), scene.called_peer()
    also_ringing = scene.ringing(waiting)
    before = scene.dump()
    for sid, tokens in (
        (UNKNOWN, (call.token, ringing.token, peer.leg_token)),
        (waiting.sid, (call.token, also_ringing.token, peer.call.token)),
    ):
        for path in [one for token in tokens for one in paths(app, token)]:
            answer = carrier.post(path, sid, Digits="1", **WORDS)
            assert answer.status_code == 200, path
            assert Twiml(answer.text).verbs in ([], ["Hangup"]), path
    assert scene.dump() == before


@pytest.mark.parametrize("word", ["completed", "busy", "failed", "no-answer", "canceled", "ringing", "unheard-of", ""])
def test_the_end_of_an_unknown_call_is_nobodys(carrier: Carrier, scene: Scene, word: str) -> None:
    call = scene.waiting_call()
    before = scene.dump()
    carrier.ask("/webhooks/voice/status", UNKNOWN, CallStatus=word)
    assert scene.dump() == before
    assert scene.call(call.id).state is CallState.WAITING


@pytest.mark.parametrize("word", ["ringing", "in-progress", "queued", "unheard-of", ""])
def test_a_status_that_is_no_end_ends_nothing(carrier: Carrier, scene: Scene, word: str) -> None:
    call = scene.waiting_call()
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus=word)
    assert scene.call(call.id).ended_at is None


def test_an_end_that_overtook_its_beginning_leaves_nobody_rung(carrier: Carrier, scene: Scene) -> None:
    scene.ringing(scene.waiting_call())
    carrier.ask("/webhooks/voice/status", UNKNOWN, CallStatus="completed")
    assert scene.count(Call) == 1
    document = carrier.ask("/webhooks/voice", UNKNOWN, CallStatus="ringing")
    assert document.leads_on
    with scene.database.reading() as session:
        call = session.scalars(select(Call).where(Call.carrier_sid == UNKNOWN)).one()
        assert (call.state, call.offers) == (CallState.GREETING, [])
    assert (call.check_at - clock.now()).total_seconds() <= 30, "the carrier is soon asked about it"
    carrier.ask("/webhooks/voice/status", UNKNOWN, CallStatus="completed")
    assert scene.call(call.id).outcome is CallOutcome.ABANDONED


def test_a_call_that_is_over_stays_over(app: Flask, carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call()
    ringing = scene.ringing(call)
    carrier.ask(ringing.leg("answered"), ringing.sid)
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    over = scene.settled()
    for path in [*paths(app, call.token), "/webhooks/voice"]:
        if not path.endswith("/recording"):
            for key in KEYS:
                document = carrier.ask(path, call.sid, Digits=key, CallStatus="in-progress")
                assert not {"Dial", "Record", "Gather"} & set(document.verbs), path
                assert FAILED not in document.said, path
    for path in paths(app, ringing.token):
        for key in KEYS:
            document = carrier.ask(path, ringing.sid, Digits=key, CallStatus="in-progress")
            assert not {"Dial", "Record"} & set(document.verbs), path
            assert FAILED not in document.said, path
    assert scene.settled() == over
    assert scene.call(call.id).outcome is CallOutcome.ABANDONED


def test_a_leg_that_is_not_dialled_yet_is_nobodys(carrier: Carrier, scene: Scene) -> None:
    """Whoever guesses the token of a pending leg names an id that the carrier never gave."""
    ringing = scene.ringing(scene.waiting_call(), state=LegState.PENDING, carrier_sid=None, dialled_at=None)
    before = scene.dump()
    for path in (ringing.leg("answered"), ringing.leg("status"), ringing.at("key/1")):
        assert carrier.ask(path, UNKNOWN, Digits="1", CallStatus="completed").verbs in ([], ["Hangup"])
    assert scene.dump() == before


def test_a_leg_whose_dial_has_not_returned_is_known_by_its_first_callback(carrier: Carrier, scene: Scene) -> None:
    ringing = scene.ringing(scene.waiting_call(), state=LegState.DIALLING, carrier_sid=None)
    assert "Gather" in carrier.ask(ringing.leg("answered"), UNKNOWN).verbs
    assert carrier.ask(ringing.leg("answered"), "CA" + "98" * 16).verbs == ["Hangup"]
    carrier.ask(ringing.leg("status"), UNKNOWN, CallStatus="busy")
    leg = scene.offer(ringing.offer_id).leg
    assert (leg.carrier_sid, leg.state, leg.end) == (UNKNOWN, LegState.ENDED, LegEnd.BUSY)
