"""Promised call-backs, from key 1 while waiting to the export."""

from phoneline.simulator import Handset
from tests.journeys.story import Story, eventually, instant


def asks(peer: Handset) -> None:
    """Nobody is on shift: the peer asks to be called back."""
    call = peer.call_line()
    call.wait_heard("Nobody is here", 10)
    peer.press("1", wait=10)
    call.wait_heard("You keep your place", 10)
    call.wait_over(20)


def takes(volunteer: Handset) -> None:
    """The volunteer takes the call-back, and hears that the peer is rung."""
    leg = volunteer.wait_ringing(20)
    volunteer.answer()
    leg.wait_heard("asked to be called back", 10)
    volunteer.press("1", wait=10)
    leg.wait_heard("ringing them now", 10)


def test_a_promised_call_back_is_kept_as_soon_as_somebody_is_on_shift(in_weather: Story) -> None:
    story = in_weather
    sam = story.person("Sam Example")
    asks(sam)
    ana = story.volunteer("Ana")
    takes(ana)
    back = sam.wait_ringing(20)
    assert back.from_ == "+14165550100", "the line's number"
    sam.answer()
    heard = back.wait_heard("good moment for Sam?", 10)
    assert not any(word in heard for word in ("Example", "line", "peer", "Ana"))
    assert ana.current_leg is not None
    assert ana.current_leg.conference_mates() == []
    sam.press("1", wait=10)
    back.wait_in_conference(10, mates=1)
    volunteers_leg = ana.current_leg
    volunteers_leg.wait_in_conference(10, mates=1)
    sam.hang_up()
    volunteers_leg.wait_heard("How was the call", 10)
    ana.press("1", wait=10)
    ana.wait_idle(20)

    inbound, outbound = story.call_ended(2)
    assert (inbound["outcome"], inbound["offers"]) == ("callback", [])
    assert (outbound["direction"], outbound["outcome"], outbound["carrier_sid"]) == ("outbound", "connected", back.sid)
    assert outbound["person_id"] == inbound["person_id"]
    assert [(one["volunteer_id"], one["result"]) for one in outbound["offers"]] == [
        (outbound["volunteer_id"], "accepted")
    ]
    assert instant(outbound["started_at"]) <= instant(outbound["answered_at"]) <= instant(outbound["ended_at"])
    eventually(
        lambda: {(one["kind"], one["outcome"]) for one in story.contacts()} == {("call", "none"), ("callback", "fine")}
    )
    (promise,) = (one for one in story.contacts() if one["kind"] == "callback")
    assert (promise["follow_up"], promise["volunteer_id"], promise["call_id"]) == (
        "done",
        outbound["volunteer_id"],
        inbound["id"],
    )
    assert len([one for one in story.network.journal.of("leg_created") if one.number == sam.number]) == 2
    assert story.errors() == []


def test_a_peer_who_does_not_answer_is_rung_again_later(story: Story) -> None:
    story.set(checkin_retry_seconds="20", checkin_ring_seconds="8")
    sam = story.person("Sam")
    asks(sam)
    ana = story.volunteer("Ana")
    takes(ana)
    leg = ana.current_leg
    assert leg is not None
    sam.wait_ringing(20).wait_over(20)
    leg.wait_heard("couldn't reach them", 10)
    ana.wait_idle(20)
    assert {one["follow_up"] for one in story.contacts()} == {"none", "wanted"}
    takes(ana)
    back = sam.wait_ringing(20)
    sam.answer()
    sam.press("1", wait=10)
    back.wait_in_conference(10, mates=1)
    ana.hang_up()
    back.wait_heard("The other person has left", 15)
    sam.hang_up()
    rows = story.call_ended(3)
    assert [row["outcome"] for row in rows] == ["callback", None, "connected"]
    assert [offer["result"] for row in rows for offer in row["offers"]] == ["accepted", "accepted"]
    assert {one["follow_up"] for one in story.contacts()} == {"none", "done"}
    assert story.errors() == []
