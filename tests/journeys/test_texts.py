"""Texts and alarms, from one telephone to the other."""

from phoneline.prompts import catalogue
from phoneline.simulator import Behaviour, Handset, Heard, PlannedTextFault
from tests.journeys.story import Story, eventually

EN = catalogue("en")


def inbox(handset: Handset) -> list[str]:
    return [text.body for text in handset.inbox]


def test_a_peer_texts_in_their_own_words_and_is_answered_once(in_weather: Story) -> None:
    story = in_weather
    sam = story.person("Sam")
    sam.text_line("please stop texting me")
    eventually(lambda: inbox(sam) == [EN["text_stopped"]])
    sam.text_line("you can text me again")
    eventually(lambda: inbox(sam) == [EN["text_stopped"], EN["text_started"]])
    # The carrier takes the reply and fails to say so: it isn't sent again.
    story.network.faults.text_faults = [PlannedTextFault("server_error_made")]
    kim = story.person("Kim")
    kim.text_line("hello")
    eventually(lambda: len(inbox(kim)) == 1)
    story.network.wait_quiet()
    assert (len(inbox(sam)), len(inbox(kim))) == (2, 1)
    assert [row["follow_up"] for row in story.contacts()] == ["none", "none", "wanted"]
    assert story.errors() == []


def test_words_of_danger_find_a_coordinator_who_is_called_when_the_text_was_slept_through(story: Story) -> None:
    story.set(alarm_call_seconds="10")
    sam, ana = story.person("Sam"), story.volunteer("Ana")
    asleep = story.person("Kim", "coordinator", Behaviour(answer_after=None))
    awake = story.person("Lou", "coordinator", Behaviour.taker(hears="press 1"))
    sam.text_line("I want to die")
    eventually(lambda: inbox(ana) == [EN["text_alert_shift"]])
    eventually(lambda: EN["alarm_text_danger_words"] in inbox(asleep))
    eventually(lambda: any(EN["alarm_about_danger_words"] in said.text for said in heard(awake)), 30)
    assert len(asleep.legs) == len(awake.legs) == 1
    assert not any("danger" in said.text for said in heard(asleep))
    [row] = story.contacts()
    assert (row["kind"], row["follow_up"]) == ("sms", "urgent")
    assert story.errors() == []


def heard(handset: Handset) -> list[Heard]:
    return [said for leg in handset.legs for said in leg.heard]
