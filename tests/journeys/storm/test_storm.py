"""Storms in the suite. `make storm SEEDS=100` runs many more, each with another seed."""

import pytest

from tests.journeys.storm.checkins import storm_of_checkins
from tests.journeys.storm.checkins_plan import random_checkins
from tests.journeys.storm.plan import Plan, all_at_once, random_plan, three_and_three, twelve_and_eight
from tests.journeys.storm.storm import storm
from tests.journeys.story import Story

STORMS = {
    "three callers and three volunteers": three_and_three(),
    "all press 1 at once": all_at_once(1),
    "twelve callers and eight volunteers": twelve_and_eight(1),
    "anything": random_plan(7),
}


@pytest.mark.parametrize("plan", STORMS.values(), ids=STORMS.keys())
def test_everybody_gets_somewhere_whatever_happens(story: Story, plan: Plan) -> None:
    found = storm(story, plan)
    assert not found, "\n".join([*found, story.network.journal_text()])


def test_every_check_in_comes_to_its_end_and_nobody_is_rung_twice_whatever_happens(story: Story) -> None:
    found = storm_of_checkins(story, random_checkins(3, peers=60, mishaps=3))
    assert not found, "\n".join([*found, story.network.journal_text()])
