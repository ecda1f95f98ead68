"""A safety check-in that reaches nobody, all the way up and back down."""

from sqlalchemy import update

from phoneline.models import Escalation
from phoneline.simulator import Faults
from tests.journeys.story import Story, eventually
from tests.journeys.test_inbound import takes


def a_step_later(story: Story) -> None:
    """The quarter of an hour between two steps is over."""
    with story.stack.database.transaction() as session:
        session.execute(update(Escalation).values(next_step_at=story.stack.now()))


def test_nobody_answers_and_one_of_their_people_looks_after_it_until_the_peer_calls(story: Story) -> None:
    story.network.faults = Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=3.0)
    story.set(checkin_attempts="1", checkin_ring_seconds="8")
    ana = story.volunteer("Ana")
    ravi = story.phone("Ravi")
    sam = story.person("Sam Example", checkin_consent="yes")
    story.checkin(sam, purpose="safety", escalate_to=ravi.number)
    story.checkin_is("unreached")

    by_hand = ana.wait_ringing(20)
    ana.answer()
    by_hand.wait_heard("somebody didn't answer", 10)
    ana.press("1", wait=10)
    by_hand.wait_heard("couldn't reach them", 30)
    ana.wait_idle(20)

    a_step_later(story)
    asked = ravi.wait_ringing(20)
    ravi.answer()
    heard = asked.wait_heard("To look after it", 10)
    assert "this call is about Sam, who gave us your number" in heard
    ravi.press("1", wait=10)
    asked.wait_heard("when we hear from Sam", 10)
    asked.wait_over(20)
    assert [one["follow_up"] for one in story.contacts()] == ["urgent"]

    call = sam.call_line()
    taken = takes(ana)
    call.wait_in_conference(10, mates=1)
    sam.hang_up()
    taken.wait_heard("How was the call", 10)
    ana.press("1", wait=10)

    end = ravi.wait_ringing(20)
    ravi.answer()
    end.wait_heard("We have heard from them now", 10)
    end.wait_over(20)
    eventually(lambda: {one["follow_up"] for one in story.contacts()} == {"none", "done"})
    assert story.checkins()[0]["state"] == "unreached"
    rung = [one.number for one in story.network.journal.of("leg_created")]
    assert (rung.count(ravi.number), rung.count(sam.number)) == (2, 3), "the attempt, by hand, and their own call"
    assert story.errors() == []
