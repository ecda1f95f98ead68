"""A peer rings the line about their own check-in calls."""

from datetime import timedelta

from sqlalchemy import select

from phoneline.models import Checkin
from phoneline.recurrence import instant, wall
from phoneline.simulator import Faults
from tests.journeys.story import Story, eventually
from tests.zones import where_it_is


def test_a_peer_moves_the_next_call_of_their_plan_by_telephone(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=2.0)
    now = story.stack.now()
    # So what is keyed may be morning or evening, at any hour of ours.
    zone = where_it_is(7, now)
    mika = story.person("Mika Example", language="en", timezone=zone.key, checkin_consent="yes")
    due = wall(now, zone).replace(second=0, microsecond=0) + timedelta(hours=8)
    story.checkin(mika, due, rrule="FREQ=DAILY")
    visit = mika.call_line()
    visit.wait_heard("For check-in calls, press 3", 10)
    mika.press("3", wait=10)
    heard = visit.wait_heard("If you are Mika, press 1", 10)
    assert "every day" not in heard
    mika.press("1", wait=10)
    visit.wait_heard("Your check-in call comes every day at", 10)
    mika.press("2", wait=10)
    visit.wait_heard("At what time?", 10)
    moved = due - timedelta(hours=5)
    mika.press(f"{moved:%H%M}#", wait=10)
    visit.wait_heard("AM, press 1", 10)
    mika.press("1", wait=10)
    visit.wait_heard("The next call would come today at", 10)
    mika.press("1", wait=10)
    visit.wait_heard("that holds from now on", 10)
    mika.hang_up()
    assert [row["outcome"] for row in story.call_ended()] == ["information"]
    with story.stack.database.reading() as session:
        at = session.scalars(select(Checkin.attempt_due_at).order_by(Checkin.due_at)).first()
    assert at == instant(moved, zone)
    eventually(lambda: {row["state"] for row in story.checkins()} == {"due"})
    legs = [one for one in story.network.journal.of("leg_created") if one.number == mika.number]
    assert len(legs) == 1, "to have called settles nothing, and nobody was rung"
    assert story.errors() == []
