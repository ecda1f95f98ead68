"""Somebody rings the line to hear what is on."""

from datetime import timedelta

from sqlalchemy import delete, select

from phoneline.models import Activity, ActivitySignup
from phoneline.recurrence import wall
from phoneline.simulator import Faults
from tests import factories
from tests.journeys.story import ZONE, Story


def test_a_caller_hears_what_is_on_and_signs_up_for_the_second_by_key(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True)
    soon = wall(story.stack.now() + timedelta(minutes=30), ZONE).replace(second=0, microsecond=0)
    with story.stack.database.transaction() as session:
        factories.activity(session, soon, 1, "Trivia night")
        crafts = factories.activity(session, soon, 2, "Crafts for everybody").id
        factories.activity(session, soon - timedelta(days=1), 1, "Yesterday's walk")
    sam = story.person("Sam Example", language="en")
    visit = sam.call_line()
    visit.wait_heard("For what's on, press 2", 10)
    sam.press("2", wait=10)
    visit.wait_heard("Trivia night.", 10)
    sam.press("#", wait=10)
    visit.wait_heard("Crafts for everybody", 10)
    sam.press("1", wait=10)
    visit.wait_heard("Thank you, you are on the list.", 10)
    sam.press("#", wait=10)
    visit.wait_heard("That was all.", 10)
    assert "Yesterday's walk." not in visit.transcript
    sam.hang_up()
    assert [row["outcome"] for row in story.call_ended()] == ["information"]
    with story.stack.database.transaction() as session:
        signed = session.scalars(select(ActivitySignup)).all()
        assert [(one.activity_id, one.person and one.person.name) for one in signed] == [(crafts, "Sam Example")]
        session.execute(delete(Activity))
    assert story.errors() == []
