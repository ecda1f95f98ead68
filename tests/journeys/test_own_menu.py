"""A volunteer rings the line."""

from phoneline import recordings
from phoneline.prompt_numbers import number_of
from phoneline.simulator import Faults
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
