"""Calls to the line, from the first ring to the export."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline.models import Person, Shift
from phoneline.simulator import Behaviour, Handset, Leg
from phoneline.states import CallState
from tests import factories
from tests.journeys.story import Story, eventually


def takes(volunteer: Handset) -> Leg:
    """The volunteer's phone rings, is answered, and key 1 pressed."""
    leg = volunteer.wait_ringing(20)
    volunteer.answer()
    volunteer.press("1", wait=10)
    leg.wait_in_conference(10, mates=1)
    return leg


def test_first_call_to_log(in_weather: Story) -> None:
    story = in_weather
    ana = story.volunteer("Ana")
    sam = story.person("Sam")
    call = sam.call_line()
    leg = takes(ana)
    assert leg.from_ == "+14165550100", "a volunteer sees the line's number, never the caller's"
    assert not any(sam.number[2:] in line for line in leg.transcript)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    leg.wait_heard("How was the call", 10)
    ana.press("1", wait=10)
    ana.wait_idle(20)

    (row,) = story.call_ended()
    assert (row["direction"], row["outcome"], row["carrier_sid"]) == ("inbound", "connected", call.sid)
    assert [offer["result"] for offer in row["offers"]] == ["accepted"]
    assert row["person_id"] is not None
    eventually(lambda: [one["outcome"] for one in story.contacts()] == ["fine"])
    (contact,) = story.contacts()
    assert (contact["kind"], contact["follow_up"], contact["call_id"]) == ("call", "none", row["id"])
    assert contact["volunteer_id"] == row["volunteer_id"] == row["offers"][0]["volunteer_id"]
    assert story.errors() == []


@pytest.mark.parametrize(
    ("key", "outcome", "follow_up"),
    [("2", "follow_up", "wanted"), ("3", "urgent", "urgent"), ("4", "wrong_number", "none"), ("#", "none", "none")],
)
def test_outcome_keys(story: Story, key: str, outcome: str, follow_up: str) -> None:
    ana = story.volunteer("Ana")
    stranger = story.phone("stranger")
    call = stranger.call_line()
    leg = takes(ana)
    call.wait_in_conference(10, mates=1)
    stranger.hang_up()
    leg.wait_heard("How was the call", 10)
    ana.press(key, wait=10)
    ana.wait_idle(20)
    eventually(lambda: [one["outcome"] for one in story.contacts()] == [outcome])
    assert [one["follow_up"] for one in story.contacts()] == [follow_up]
    assert story.contacts()[0]["person_id"] is None


def test_nobody_answers_and_silence_leads_to_the_recorder(in_weather: Story) -> None:
    story = in_weather
    story.set(wait_cap_seconds="20", offer_ring_seconds="6")
    story.volunteer("Ana")
    sam = story.person("Sam")
    call = sam.call_line()
    call.wait_heard("nobody could come", 20)
    call.wait_heard("after the tone", 20)
    journal = story.network.journal
    began = next(event.at for event in journal.of("leg_created") if event.leg_sid == call.sid)
    recorded = journal.wait(lambda event: event.kind == "recording_started" and event.leg_sid == call.sid, 20).at
    sam.speak(6)
    sam.hang_up()
    (row,) = story.call_ended()
    assert row["outcome"] == "voicemail"
    assert 20 <= row["wait_seconds"] == pytest.approx(recorded - began, abs=8)
    assert row["talk_seconds"] == 0
    assert {offer["result"] for offer in row["offers"]} <= {"no_answer", "cancelled"}
    eventually(lambda: len(story.contacts()) == 2)
    assert {(one["kind"], one["follow_up"]) for one in story.contacts()} == {("call", "none"), ("voicemail", "wanted")}
    story.network.journal.wait(lambda event: event.kind == "recording_deleted" and event.leg_sid == call.sid, 20)
    assert story.errors() == []


def test_nobody_on_shift_and_a_call_back(story: Story) -> None:
    story.person("Ana", "volunteer")
    sam = story.person("Sam")
    call = sam.call_line()
    call.wait_heard("Nobody is here", 10)
    sam.press("1", wait=10)
    call.wait_heard("You keep your place", 10)
    call.wait_over(20)
    (row,) = story.call_ended()
    assert (row["outcome"], row["offers"]) == ("callback", [])
    assert {(one["kind"], one["follow_up"]) for one in story.contacts()} == {("call", "none"), ("callback", "wanted")}


def test_a_withheld_number_is_nobody_and_a_number_that_cannot_be_rung_leads_to_the_recorder(story: Story) -> None:
    phone = story.phone("hidden")
    call = phone.call_line(from_="+266696687")
    call.wait_heard("Nobody is here", 10)
    phone.press("1", wait=10)
    call.wait_heard("area code", 10)
    phone.press("911#", wait=10)
    call.wait_heard("once more", 10)
    phone.press("#", wait=10)
    call.wait_heard("after the tone", 10)
    phone.hang_up()
    (row,) = story.call_ended()
    assert (row["person_id"], row["outcome"]) == (None, "voicemail")


def test_the_caller_hangs_up_while_it_rings(in_weather: Story) -> None:
    story = in_weather
    ana = story.volunteer("Ana")
    sam = story.person("Sam")
    sam.call_line()
    leg = ana.wait_ringing(20)
    sam.hang_up()
    leg.wait_over(20)
    (row,) = story.call_ended()
    assert (row["outcome"], row["volunteer_id"], row["answered_at"]) == ("abandoned", None, None)
    assert [offer["result"] for offer in row["offers"]] == ["cancelled"]
    # And Ana is free at once for the next caller.
    other = story.phone("other")
    other.call_line()
    takes(ana)
    assert story.errors() == []


def test_two_callers_and_one_volunteer(in_weather: Story) -> None:
    story = in_weather
    story.set(wait_cap_seconds="60")
    ana = story.volunteer("Ana")
    first, second = story.phone("first"), story.phone("second")
    first_call = first.call_line()
    leg = takes(ana)
    second_call = second.call_line()
    second_call.wait_heard("still ringing", 20)
    assert second_call.status == "in-progress"
    rung = [event for event in story.network.journal.of("leg_created") if event.number == ana.number]
    assert len(rung) == 1, "who talks is not rung"
    first.hang_up()
    leg.wait_heard("How was the call", 10)
    ana.press("1", wait=10)
    ana.wait_idle(20)
    takes(ana)
    second_call.wait_in_conference(10, mates=1)
    second.hang_up()
    story.call_ended(2)
    assert sorted(row["outcome"] for row in story.calls()) == ["connected", "connected"]
    assert first_call.sid != second_call.sid
    assert story.errors() == []


def test_two_volunteers_press_one_and_one_has_the_call(story: Story) -> None:
    story.set(offer_strategy="simultaneous")
    quick = Behaviour.taker(answer_after=1.0, hears="To take the call", after=2.0)
    ana, ravi = story.volunteer("Ana", behaviour=quick), story.volunteer("Ravi", behaviour=quick)
    sam = story.person("Sam")
    call = sam.call_line()
    call.wait_in_conference(20, mates=1)
    eventually(lambda: [ana.current_leg, ravi.current_leg].count(None) == 1)
    loser = next(one for one in (ana, ravi) if one.current_leg is None)
    assert loser.last_leg is not None
    loser.last_leg.wait_heard("Somebody else has taken this call", 10)
    sam.hang_up()
    (row,) = story.call_ended()
    assert sorted(offer["result"] for offer in row["offers"]) == ["accepted", "cancelled"]
    assert story.errors() == []


def test_a_volunteer_who_picked_up_hears_that_nobody_waits_any_more(story: Story) -> None:
    ana = story.volunteer("Ana")
    sam = story.person("Sam")
    sam.call_line()
    leg = ana.wait_ringing(20)
    ana.answer()
    leg.wait_heard("To take the call", 10)
    sam.hang_up()
    leg.wait_heard("isn't waiting any more", 10)
    leg.wait_over(20)
    (row,) = story.call_ended()
    assert [offer["result"] for offer in row["offers"]] == ["cancelled"]


def test_pass_goes_to_the_next_and_nine_goes_off_shift(story: Story) -> None:
    ana, ravi = story.volunteer("Ana"), story.volunteer("Ravi", tier=2)
    sam = story.person("Sam")
    sam.call_line()
    leg = ana.wait_ringing(20)
    ana.answer()
    leg.wait_heard("To take the call", 10)
    ana.press("9", wait=10)
    leg.wait_heard("off shift now", 10)
    takes(ravi)
    sam.hang_up()
    (row,) = story.call_ended()
    assert [offer["result"] for offer in row["offers"]] == ["declined", "accepted"]
    # Off shift: the next caller finds nobody, Ravi still asking how it was.
    next_call = story.phone("next").call_line()
    next_call.wait_heard("ringing someone", 20)
    assert not ana.ringing


def test_silence_or_a_machine_never_takes_a_call(story: Story) -> None:
    ana = story.volunteer("Ana", behaviour=Behaviour.voicemail(answer_after=1.0))
    ravi = story.volunteer("Ravi", tier=2)
    sam = story.person("Sam")
    call = sam.call_line()
    takes(ravi)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    (row,) = story.call_ended()
    assert [offer["result"] for offer in row["offers"]] == ["no_answer", "accepted"]
    assert ana.current_leg is None


def test_a_dead_number_holds_nobody_up(story: Story) -> None:
    story.volunteer("Dead", behaviour=Behaviour(dead="refused"))
    ana = story.volunteer("Ana", tier=2)
    sam = story.person("Sam")
    call = sam.call_line()
    takes(ana)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    (row,) = story.call_ended()
    assert [offer["result"] for offer in row["offers"]] == ["failed", "accepted"]


def test_stepping_out_and_back_and_finishing(in_weather: Story) -> None:
    story = in_weather
    ana = story.volunteer("Ana")
    sam = story.person("Sam")
    call = sam.call_line()
    leg = takes(ana)
    call.wait_in_conference(10, mates=1)
    ana.press("*", wait=10)
    leg.wait_heard("on hold", 10)
    call.wait_heard("conversation goes on", 10)
    ana.press("1", wait=10)
    leg.wait_in_conference(10, mates=1)
    call.wait_in_conference(10, mates=1)
    ana.press("*", wait=10)
    leg.wait_heard("on hold", 10, since=len(leg.transcript))
    ana.press("#", wait=10)
    leg.wait_heard("How was the call", 10)
    ana.press("2", wait=10)
    call.wait_heard("The other person has left", 10)
    sam.hang_up()
    (row,) = story.call_ended()
    assert row["outcome"] == "connected"
    eventually(lambda: [one["outcome"] for one in story.contacts()] == ["follow_up"])
    assert story.errors() == []


def test_the_coordinator_is_brought_in_and_the_volunteer_leaves_the_two_together(in_weather: Story) -> None:
    story = in_weather
    ana, kim = story.volunteer("Ana"), story.volunteer("Kim", tier=2, roles="volunteer;coordinator")
    sam = story.person("Sam")
    call = sam.call_line()
    leg = takes(ana)
    call.wait_in_conference(10, mates=1)
    ana.press("*", wait=10)
    leg.wait_heard("To bring somebody in", 10)
    ana.press("2", wait=10)
    call.wait_heard("Somebody else is being rung", 10)
    third = kim.wait_ringing(20)
    assert third.from_ == "+14165550100"
    kim.answer()
    third.wait_heard("asks you to join", 10)
    kim.press("1", wait=10)
    third.wait_in_conference(10, mates=2)
    ana.press("*", wait=10)
    leg.wait_heard("the two talk on", 10)
    ana.press("#", wait=10)
    leg.wait_heard("How was the call", 10)
    ana.press("3", wait=10)
    ana.wait_idle(20)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    third.wait_over(20)
    (row,) = story.call_ended()
    assert (row["outcome"], len(row["offers"])) == ("connected", 1)
    eventually(lambda: [one["outcome"] for one in story.contacts()] == ["urgent"])
    (contact,) = story.contacts()
    assert contact["handed_over_to"] == "coordinator"
    assert row["answered_at"] < contact["handed_over_at"] < row["ended_at"]
    assert story.errors() == []


def test_a_volunteer_who_drops_off_leaves_a_choice(in_weather: Story) -> None:
    story = in_weather
    ana, ravi = story.volunteer("Ana"), story.volunteer("Ravi", tier=2)
    sam = story.person("Sam")
    call = sam.call_line()
    takes(ana)
    call.wait_in_conference(10, mates=1)
    ana.hang_up()
    call.wait_heard("The other person has left", 15)
    sam.press("0", wait=10)
    takes(ravi)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    (row,) = story.call_ended()
    assert [offer["result"] for offer in row["offers"]].count("accepted") == 2
    assert row["outcome"] == "connected"
    assert story.errors() == []


def test_a_french_caller_hears_only_french(story: Story) -> None:
    ana = story.volunteer("Ana")
    luc = story.person("Luc", language="fr")
    call = luc.call_line()
    takes(ana)
    call.wait_in_conference(10, mates=1)
    assert {heard.language for heard in call.heard} == {"fr-CA"}


def test_an_unknown_caller_chooses_a_language(story: Story) -> None:
    phone = story.phone("stranger")
    call = phone.call_line()
    call.wait_heard("faites le 8", 10)
    phone.press("8", wait=10)
    call.wait_heard("personne pour répondre", 10)


def test_thirty_calls_from_one_caller_none_dropped(story: Story) -> None:
    sam = story.person("Sam")
    phones = [sam, *(story.phone(f"where Sam is {count}") for count in range(5))]
    for _ in range(5):
        calls = [phone.call_line(from_=sam.number) for phone in phones]
        for phone, call in zip(phones, calls, strict=True):
            call.wait_heard("Nobody is here", 20)
            phone.press("1", wait=10)
        for call in calls:
            call.wait_over(20)
    rows = story.call_ended(30)
    assert {row["outcome"] for row in rows} == {"callback"}
    assert len({row["person_id"] for row in rows}) == 1


def test_a_conversation_settles_todays_check_in(story: Story) -> None:
    ana = story.volunteer("Ana")
    sam = story.person("Sam", checkin_consent="yes")
    later_today = story.local() + timedelta(minutes=1)
    story.checkin(sam, due=later_today)
    call = sam.call_line()
    takes(ana)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    ana.hang_up()
    row = story.checkin_is("talked")
    assert (row["settled_by"], row["attempts"]) == ("inbound_call", [])


def test_a_wrong_number_settles_nothing(story: Story) -> None:
    ana = story.volunteer("Ana")
    sam = story.person("Sam", checkin_consent="yes")
    story.checkin(sam, due=story.local() + timedelta(hours=1))
    call = sam.call_line()
    leg = takes(ana)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    leg.wait_heard("How was the call", 10)
    ana.press("4", wait=10)
    ana.wait_idle(20)
    eventually(lambda: [one["outcome"] for one in story.contacts()] == ["wrong_number"])
    assert [row["state"] for row in story.checkins()] == ["due"]


def test_the_two_hear_once_that_the_agreed_time_is_nearly_used_up_and_talk_on(story: Story) -> None:
    ana, sam = story.volunteer("Ana"), story.person("Sam")
    with story.stack.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.id.not_in(select(Shift.person_id)))).one()
        factories.daily_limit(session, person, story.stack.now(), minutes=3)
        talked = {"state": CallState.ENDED, "talk_seconds": 45.0, "answered_at": story.stack.now()}
        factories.call(session, story.stack.now(), person_id=person.id, ended_at=story.stack.now(), **talked)
    call = sam.call_line()
    leg = takes(ana)
    for one in (call, leg):
        one.wait_heard("about two minutes are left", 20)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    story.call_ended(2)
    heard = [sum("two minutes are left" in line for line in one.transcript) for one in (call, leg)]
    assert heard == [1, 1]
    assert story.errors() == []
