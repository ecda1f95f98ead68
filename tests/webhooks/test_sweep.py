"""What the carrier says when the sweep asks: that a leg is over, or for a while that there is none."""

from datetime import timedelta

from phoneline import clock, sweep
from phoneline.carrier import LegReport
from phoneline.line import Line
from phoneline.models import Call, Leg
from phoneline.states import CallOutcome, CallState
from tests.webhooks.carrier import Carrier, Records
from tests.webhooks.scenes import OnTheLine, Ringing, Scene


def ask(line: Line, scene: Scene, call: OnTheLine, ringing: Ringing) -> None:
    """Both legs are overdue a word."""
    overdue = clock.now() - timedelta(seconds=1)
    scene.change(Call, call.id, check_at=overdue)
    scene.change(Leg, scene.offer(ringing.offer_id).leg_id, check_at=overdue)
    sweep.sweep(line)


def live(sid: str) -> LegReport:
    return LegReport(sid=sid, live=True, answered=True, end=None, ended_at=None, created_at=None)


def test_a_carrier_that_knows_nothing_of_a_leg_for_a_moment_parts_nobody(
    line: Line, scene: Scene, records: Records
) -> None:
    call, ringing = scene.talking()
    for _ in range(2):
        ask(line, scene, call, ringing)
        ask(line, scene, call, ringing)
        assert scene.call(call.id).state is CallState.CONNECTED
        records.reports = {sid: live(sid) for sid in (call.sid, ringing.sid)}
        ask(line, scene, call, ringing)
        assert scene.call(call.id).not_there_at is None, "it begins anew"
        records.reports = {}
    ask(line, scene, call, ringing)
    long_ago = clock.now() - timedelta(seconds=sweep.NOT_THERE_SECONDS)
    scene.change(Call, call.id, not_there_at=long_ago)
    scene.change(Leg, scene.offer(ringing.offer_id).leg_id, not_there_at=long_ago)
    ask(line, scene, call, ringing)
    row, offer = scene.call(call.id), scene.offer(ringing.offer_id)
    assert (row.state, row.outcome) == (CallState.ENDED, CallOutcome.CONNECTED), "it keeps to what it said"
    assert offer.leg.ended_at is not None


def test_a_word_of_the_leg_itself_shows_that_it_is_there(
    line: Line, scene: Scene, records: Records, carrier: Carrier
) -> None:
    call, ringing = scene.talking()
    ask(line, scene, call, ringing)
    long_ago = clock.now() - timedelta(seconds=sweep.NOT_THERE_SECONDS)
    scene.change(Call, call.id, not_there_at=long_ago)
    scene.change(Leg, scene.offer(ringing.offer_id).leg_id, not_there_at=long_ago)
    carrier.ask(call.at("next"), call.sid)
    carrier.post(ringing.leg("status"), ringing.sid, CallStatus="in-progress")
    ask(line, scene, call, ringing)
    assert (scene.call(call.id).state, scene.offer(ringing.offer_id).leg.ended_at) == (CallState.CONNECTED, None)


def test_a_leg_that_rings_is_asked_about_when_it_can_ring_no_longer(scene: Scene, carrier: Carrier) -> None:
    """So a lost callback keeps nobody from being rung again."""
    for ring_seconds, within in ((5, 11), (60, 20)):
        ringing = scene.ringing(scene.waiting_call(), ring_seconds=ring_seconds)
        carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="ringing")
        left = scene.offer(ringing.offer_id).leg.check_at - clock.now()
        assert within - 5 < left.total_seconds() <= within
