"""Automated check-in calls, from the spreadsheet to the export."""

from datetime import timedelta

import pytest

from phoneline.simulator import Behaviour, Faults, Handset, Leg, PlannedFault
from phoneline.spreadsheets import RefusedError
from tests.journeys.story import Story, eventually, instant
from tests.journeys.test_inbound import takes


def mika(story: Story, behaviour: Behaviour | None = None) -> Handset:
    return story.person("Mika Example", checkin_consent="yes", behaviour=behaviour)


def answers(peer: Handset) -> Leg:
    """The peer picks up and says who they are."""
    leg = peer.wait_ringing(20)
    peer.answer()
    heard = leg.wait_heard("good moment for Mika?", 10)
    assert "Example" not in heard
    peer.press("1", wait=10)
    leg.wait_heard("your check-in call", 10)
    return leg


def test_ok_by_key(in_weather: Story) -> None:
    story = in_weather
    peer = mika(story)
    story.checkin(peer)
    leg = answers(peer)
    peer.press("1", wait=10)
    leg.wait_heard("Good to hear from you", 10)
    leg.wait_over(20)
    row = story.checkin_is("ok")
    assert row["settled_by"] == "keypad"
    eventually(lambda: [one["result"] for one in story.checkins()[0]["attempts"]] == ["ok"])
    assert row["attempts"][0]["carrier_sid"] == leg.sid
    (contact,) = story.contacts()
    assert (contact["kind"], contact["outcome"], contact["follow_up"]) == ("checkin", "fine", "none")
    (call,) = story.call_ended()
    assert (call["direction"], call["outcome"], call["carrier_sid"]) == ("outbound", None, leg.sid)
    assert len(story.network.journal.of("leg_created")) >= 1
    assert story.errors() == []


@pytest.mark.parametrize("key", ["0", "2"])
def test_talk_now(in_weather: Story, key: str) -> None:
    story = in_weather
    ana = story.volunteer("Ana")
    peer = mika(story)
    story.checkin(peer)
    leg = answers(peer)
    peer.press(key, wait=10)
    volunteers_leg = takes(ana)
    leg.wait_in_conference(10, mates=1)
    peer.hang_up()
    volunteers_leg.wait_heard("How was the call", 10)
    ana.press("3", wait=10)
    row = story.checkin_is("talked")
    assert row["settled_by"] == "volunteer"
    (call,) = story.call_ended()
    assert (call["outcome"], call["offers"][0]["result"]) == ("connected", "accepted")
    eventually(lambda: [one["outcome"] for one in story.contacts()] == ["urgent"])
    (contact,) = story.contacts()
    assert (contact["kind"], contact["follow_up"], contact["volunteer_id"]) == (
        "checkin",
        "urgent",
        call["volunteer_id"],
    )
    assert [one["result"] for one in row["attempts"]] == ["talk"]
    assert story.errors() == []


def test_later_is_called_again_and_uses_no_attempt(in_weather: Story) -> None:
    story = in_weather
    story.set(checkin_attempts="1", checkin_snooze_seconds="20", checkin_snoozes="1")
    peer = mika(story)
    story.checkin(peer)
    leg = answers(peer)
    peer.press("3", wait=10)
    leg.wait_heard("I'll call again today", 10)
    leg.wait_over(20)
    assert story.checkin_is("waiting")["attempts"][0]["result"] == "later"
    second = peer.wait_ringing(20)
    peer.answer()
    second.wait_heard("stop these calls", 10)
    assert not [line for line in second.transcript if "later" in line], "the laters are used up"
    peer.press("1", wait=10)
    second.wait_heard("your check-in call", 10)
    peer.press("1", wait=10)
    row = story.checkin_is("ok")
    eventually(lambda: [one["result"] for one in story.checkins()[0]["attempts"]] == ["later", "ok"])
    first, again = (instant(one["at"]) for one in story.checkins()[0]["attempts"])
    assert timedelta(seconds=20) <= again - first
    assert row["settled_by"] == "keypad"
    assert story.errors() == []


def test_stop_before_saying_who_ends_all_automated_calls(in_weather: Story) -> None:
    story = in_weather
    peer = mika(story)
    story.checkin(peer, purpose="safety")
    story.checkin(peer, due=story.local() + timedelta(hours=2))
    leg = peer.wait_ringing(20)
    peer.answer()
    leg.wait_heard("good moment", 10)
    peer.press("9", wait=10)
    leg.wait_heard("automated calls stop now", 10)
    eventually(lambda: sorted(one["state"] for one in story.checkins()) == ["skipped", "stopped"])
    (contact,) = story.contacts()
    assert (contact["kind"], contact["follow_up"]) == ("checkin", "urgent")
    # The spreadsheet doesn't bring back what the peer withdrew.
    story.take("people", [{"name": "Mika Example", "phone": peer.number, "roles": "peer", "checkin_consent": "yes"}])
    with pytest.raises(RefusedError, match="stopped automated calls"):
        story.checkin(peer, due=story.local() + timedelta(hours=3))
    assert story.errors() == []


def test_nobody_answers_then_silence_then_unreached(in_weather: Story) -> None:
    story = in_weather
    story.set(checkin_attempts="2", checkin_retry_seconds="15", checkin_ring_seconds="8")
    peer = mika(story)
    story.checkin(peer)
    first = peer.wait_ringing(20)
    first.wait_over(20)
    second = peer.wait_ringing(20)
    peer.answer()
    second.wait_over(30)
    row = story.checkin_is("unreached")
    assert [one["result"] for one in row["attempts"]] == ["no_answer", "no_key"]
    ended = next(event.at for event in story.network.journal.of("leg_ended") if event.leg_sid == first.sid)
    began = next(event.at for event in story.network.journal.of("leg_created") if event.leg_sid == second.sid)
    # A notice that comes late is dated by the carrier, in whole seconds.
    assert began - ended >= 15 - 1, "a retry counts from the end of the attempt before"
    eventually(lambda: [(one["kind"], one["follow_up"]) for one in story.contacts()] == [("checkin", "wanted")])
    assert story.errors() == []


def test_a_machine_is_never_an_ok(in_weather: Story) -> None:
    story = in_weather
    story.set(checkin_attempts="1")
    machine = Behaviour.voicemail(answer_after=2.0, hang_up_after=40.0)
    peer = story.person("Mika Example", checkin_consent="yes", voicemail_ok="yes", behaviour=machine)
    story.checkin(peer)
    leg = peer.wait_ringing(20)
    leg.wait_heard("a message for Mika", 20)
    row = story.checkin_is("unreached", 40)
    assert leg.on_tape[-3].startswith("Hello, this is a message for Mika")
    assert not [words for words in leg.on_tape if "line" in words or "check-in" in words]
    assert [one["result"] for one in row["attempts"]] == ["machine"]
    assert story.errors() == []


def test_an_unknown_create_is_never_dialled_again(story: Story) -> None:
    """The carrier made the call and said 500: the leg's own webhooks prove it."""
    story.network.faults = Faults(create_faults=[PlannedFault("server_error_made")])
    peer = mika(story)
    story.checkin(peer)
    answers(peer)
    peer.press("1", wait=10)
    story.checkin_is("ok")
    eventually(lambda: [one["result"] for one in story.checkins()[0]["attempts"]] == ["ok"])
    assert len([event for event in story.network.journal.of("leg_created") if event.number == peer.number]) == 1


def test_too_late_is_expired_and_never_dialled(story: Story) -> None:
    peer = mika(story)
    story.set(checkin_grace_seconds="600")
    story.checkin(peer, due=story.local() - timedelta(minutes=20))
    story.checkin_is("expired")
    assert [(one["kind"], one["follow_up"]) for one in story.contacts()] == [("checkin", "wanted")]
    assert not [event for event in story.network.journal.of("leg_created") if event.number == peer.number]


def test_quiet_hours_hold_and_a_change_takes_effect(story: Story) -> None:
    story.set(quiet_weekday="00:00-23:59", quiet_weekend="00:00-23:59")
    peer = mika(story)
    if story.local().strftime("%H:%M") == "23:59":
        pytest.fail("the one minute of the day that isn't quiet; run it again")
    story.checkin(peer)
    other = story.person("Kim", checkin_consent="yes")
    with pytest.raises(TimeoutError):
        peer.wait_ringing(1.5)
    assert [one["state"] for one in story.checkins()] == ["due"]
    story.set()
    story.look_again()
    peer.wait_ringing(20)
    assert not other.ringing


def test_a_shared_telephone_is_not_rung_for_two_at_once(story: Story) -> None:
    mother = mika(story)
    son = {"name": "Noah", "phone": mother.number, "roles": "peer", "checkin_consent": "yes"}
    story.take("people", [son])
    due = story.local()
    both = [{"phone": mother.number, "name": name} for name in ("Mika Example", "Noah")]
    story.take("checkins", [{**one, "starts_at": due, "kind": "automated"} for one in both])
    for _ in both:
        leg = mother.wait_ringing(20)
        mother.answer()
        leg.wait_heard("good moment", 10)
        mother.press("1", wait=10)
        leg.wait_heard("your check-in call", 10)
        mother.press("1", wait=10)
        leg.wait_over(20)
    eventually(lambda: [row["state"] for row in story.checkins()] == ["ok", "ok"])
    assert [one["result"] for row in story.checkins() for one in row["attempts"]] == ["ok", "ok"]


def test_the_line_rings_a_volunteer_for_a_check_in_then_the_peer(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=2.0)
    noor, ravi, sam = story.person("Noor", "volunteer"), story.volunteer("Ravi"), story.person("Sam Example")
    story.checkin(sam, kind="volunteer", volunteer_phone=noor.number)
    first = noor.wait_ringing(20)
    noor.answer()
    first.wait_heard("time to call Sam", 10)
    noor.press("2", wait=10)
    second = ravi.wait_ringing(20)
    ravi.answer()
    second.wait_heard("Noor can't call Sam", 10)
    ravi.press("1", wait=10)
    leg = sam.wait_ringing(20)
    assert leg.from_ == "+14165550100", "the line's number"
    sam.answer()
    heard = leg.wait_heard("good moment for Sam?", 10)
    assert not any(word in heard for word in ("Example", "line", "check", "Noor", "Ravi"))
    assert second.conference_mates() == []
    sam.press("1", wait=10)
    leg.wait_heard("Ravi is here for you", 10)
    leg.wait_in_conference(10, mates=1)
    second.wait_in_conference(10, mates=1)
    sam.hang_up()
    second.wait_heard("How was the call", 10)
    ravi.press("3", wait=10)
    reached = story.checkin_is("talked")
    (call,) = story.call_ended()
    assert (call["direction"], call["outcome"], [one["result"] for one in call["offers"]]) == (
        *("outbound", "connected"),
        ["declined", "accepted"],
    )
    assert [(one["carrier_sid"], one["result"]) for one in reached["attempts"]] == [(leg.sid, "talk")]
    (contact,) = story.contacts()
    assert (contact["kind"], contact["volunteer_id"], contact["follow_up"]) == (
        *("checkin", call["volunteer_id"], "urgent"),
    )
    created = [one.number for one in story.network.journal.of("leg_created")]
    assert [created.count(one.number) for one in (noor, ravi, sam)] == [1, 1, 1], "each was rung once"
    assert story.errors() == []
