"""A volunteer rings the line."""

from datetime import timedelta

from phoneline import recordings
from phoneline.prompt_numbers import number_of
from phoneline.simulator import Behaviour, Faults
from tests.journeys.story import Story, eventually
from tests.journeys.test_inbound import takes


def test_a_volunteer_goes_on_shift_by_telephone_and_is_rung(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=3.0)
    noor = story.person("Noor", "volunteer", pin="271828")
    visit = noor.call_line()
    noor.press("*", wait=10)
    visit.wait_heard("your PIN", 10)
    noor.press("271828#", wait=10)
    visit.wait_heard("You are off shift", 10)
    noor.press("1", wait=10)
    visit.wait_heard("You are on shift until", 10)
    noor.press("#", wait=10)
    noor.wait_idle(20)
    story.call_ended()

    sam = story.person("Sam")
    call = sam.call_line()
    leg = takes(noor)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    leg.wait_heard("How was the call", 10)
    noor.hang_up()
    # Cut off before a word was said of it: asked the next time.
    eventually(lambda: [row["outcome"] for row in story.call_ended(2)] == ["information", "connected"])
    again = noor.call_line()
    noor.press("*", wait=10)
    again.wait_heard("your PIN", 10)
    noor.press("271828#", wait=10)
    again.wait_heard("How was your last call", 10)
    noor.press("2", wait=10)
    eventually(lambda: "follow_up" in [one["outcome"] for one in story.contacts()])
    noor.hang_up()
    assert "271828" not in story.stack.logs()
    assert story.errors() == []


def test_a_coordinator_records_a_prompt_by_telephone_and_callers_hear_it(story: Story) -> None:
    story.network.faults = Faults(media_needs_login=True, double_callbacks=True, shuffle_callbacks=True, max_delay=2.0)
    noor = story.person("Noor", "volunteer;coordinator", pin="271828")
    visit = noor.call_line()
    noor.press("*", wait=10)
    visit.wait_heard("your PIN", 10)
    noor.press("271828#", wait=10)
    visit.wait_heard("in your own voice, press 5", 10)
    noor.press("5", wait=10)
    visit.wait_heard("the number of the prompt", 10)
    noor.press(f"{number_of('menu_goodbye')}#", wait=10)
    visit.wait_heard("For the English one, press 1", 10)
    noor.press("1", wait=10)
    story.network.journal.wait(lambda event: event.kind == "recording_started" and event.leg_sid == visit.sid, 20)
    noor.speak(3)
    visit.wait_heard("To keep it, press 1", 20)
    story.network.journal.wait(lambda event: event.kind == "recording_deleted" and event.leg_sid == visit.sid, 20)
    noor.press("1", wait=10)
    visit.wait_heard("From now on callers hear your voice", 10)
    with story.stack.database.reading() as session:
        (made,) = recordings.versions(session, "menu_goodbye", "en")
    assert (made.in_use, made.version, round(made.seconds)) == (True, 1, 3)
    visit.wait_heard("press 5", 10)
    noor.hang_up()
    assert story.errors() == []


def test_a_volunteer_calls_the_next_one_on_their_list_by_telephone(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=2.0)
    noor = story.person("Noor", "volunteer", pin="271828")
    mika, sam = story.person("Mika Example", behaviour=Behaviour(busy=True)), story.person("Sam Example")
    for peer, ahead in ((mika, 6), (sam, 7)):
        # Before the line rings Noor for them.
        due = story.local() + timedelta(minutes=ahead)
        story.checkin(peer, due, kind="volunteer", volunteer_phone=noor.number)
    eventually(lambda: len(story.checkins()) == 2)
    visit = noor.call_line()
    noor.press("*", wait=10)
    visit.wait_heard("your PIN", 10)
    noor.press("271828#", wait=10)
    visit.wait_heard("For your check-in list, press 3", 10)
    noor.press("3", wait=10)
    visit.wait_heard("To call Mika, press 1", 10)
    noor.press("1", wait=10)
    visit.wait_heard("couldn't reach them", 20)
    visit.wait_heard("To call Sam, press 1", 10)
    noor.press("1", wait=10)
    leg = sam.wait_ringing(20)
    assert leg.from_ == "+14165550100", "the line's number"
    sam.answer()
    heard = leg.wait_heard("good moment for Sam?", 10)
    assert not any(word in heard for word in ("Example", "line", "check", "Noor"))
    assert visit.conference_mates() == []
    sam.press("1", wait=10)
    leg.wait_in_conference(10, mates=1)
    visit.wait_in_conference(10, mates=1)
    sam.hang_up()
    visit.wait_heard("How was the call", 10)
    noor.press("1", wait=10)
    visit.wait_heard("nobody else on your list", 10)
    noor.hang_up()

    rows = story.call_ended(3)
    connected = next(row for row in rows if row["carrier_sid"] == leg.sid)
    assert (connected["direction"], connected["outcome"], connected["volunteer_id"]) == (
        *("outbound", "connected", next(row["person_id"] for row in rows if row["direction"] == "inbound")),
    )
    assert {row["outcome"] for row in rows} == {"information", "connected", None}
    missed, reached = sorted(story.checkins(), key=lambda row: str(row["due_at"]))
    assert (missed["state"], [one["result"] for one in missed["attempts"]]) == ("waiting", ["busy"])
    assert (reached["state"], reached["settled_by"]) == ("talked", "volunteer")
    (contact,) = (one for one in story.contacts() if one["kind"] == "checkin")
    assert (contact["outcome"], contact["volunteer_id"]) == ("fine", connected["volunteer_id"])
    created = [one.number for one in story.network.journal.of("leg_created")]
    assert (created.count(mika.number), created.count(sam.number)) == (1, 1), "each was rung once"
    assert story.errors() == []
