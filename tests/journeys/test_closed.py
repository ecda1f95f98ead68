"""A call outside the line's hours, from the greeting to the export."""

from datetime import timedelta

import pytest

from phoneline.simulator import Behaviour
from tests.journeys.story import Story, eventually


# What differs between databases isn't told here.
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_key_0_outside_the_hours_reaches_the_fallback_number(story: Story) -> None:
    """First nobody picks up there, then somebody does. Ana has her rest, though she is on shift."""
    ana = story.volunteer("Ana")
    helper = story.phone("on duty", behaviour=Behaviour(busy=True))
    today = story.local().date()
    story.set(closed_days=",".join(str(today + timedelta(days=distance)) for distance in (-1, 0, 1)))
    with story.stack.another_web(FALLBACK_NUMBER=helper.number):
        sam = story.phone("stranger")
        call = sam.call_line()
        call.wait_heard("we're back", 20)
        call.wait_heard("To be put through to someone now, press 0", 20)
        sam.press("0", wait=20)
        call.wait_heard("nobody picked up there", 30)
        call.wait_heard("9 8 8", 20)
        helper.behaviour = Behaviour(answer_after=0.5)
        sam.press("0", wait=30)
        eventually(lambda: any(one.leg_sid == call.sid for one in story.network.journal.of("bridged")))
        helper.hang_up()
        call.wait_heard("If you need someone again", 20)
        call.wait_over(20)
        (row,) = story.call_ended()
    assert (row["outcome"], row["answered_at"], row["offers"]) == ("crisis", None, [])
    assert not ana.ringing
    assert story.errors() == []
