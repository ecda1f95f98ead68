"""What callers notice when a part of the line is away: nothing, or the safe document."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from phoneline.simulator import Behaviour, Faults
from tests.journeys.story import Story, eventually
from tests.journeys.test_checkins import answers, mika
from tests.journeys.test_inbound import takes


def test_queue_away_calls_are_answered_and_offered(story: Story) -> None:
    stack = story.stack
    ana = story.volunteer("Ana")
    sam = story.person("Sam")
    stack.queue.stop()
    try:
        call = sam.call_line()
        leg = takes(ana)
        call.wait_in_conference(10, mates=1)
        sam.hang_up()
        leg.wait_heard("How was the call", 10)
        ana.press("1", wait=10)
        ana.wait_idle(20)
        peer = mika(story)
        story.checkin(peer)
        answers(peer)
        peer.press("1", wait=10)
        story.checkin_is("ok")
    finally:
        stack.queue.start()
    stack.await_ready()
    assert [row["outcome"] for row in story.calls()] == ["connected", None]


def test_no_worker_and_the_clock_dials(story: Story) -> None:
    stack = story.stack
    ana = story.volunteer("Ana")
    stack.kill("worker")
    try:
        call = story.phone("stranger").call_line()
        takes(ana)
        call.wait_in_conference(10, mates=1)
    finally:
        stack.start("worker")
    stack.await_ready()


def test_a_web_process_killed_while_a_caller_waits(story: Story) -> None:
    stack = story.stack
    story.set(offer_ring_seconds="60", wait_cap_seconds="120")
    ana = story.volunteer("Ana")
    call = story.phone("stranger").call_line()
    ana.wait_ringing(20)
    # An answer that breaks off in the middle is another story: they get the safe document.
    call.wait_heard("ringing someone for you", 20)
    # The only one on SQLite, one of two on PostgreSQL: both at once take longer to come back than a carrier waits.
    os.kill(_children(stack.processes["web"].pid)[0], signal.SIGKILL)
    stack.await_ready()
    takes(ana)
    call.wait_in_conference(10, mates=1)


def test_worker_and_clock_killed_while_a_check_in_rings(story: Story) -> None:
    """Whoever comes back sees that the peer has been dialled, and doesn't dial again."""
    stack = story.stack
    story.set(checkin_ring_seconds="60")
    peer = mika(story)
    story.checkin(peer)
    leg = peer.wait_ringing(20)
    stack.kill("worker")
    stack.kill("clock")
    stack.start("worker")
    stack.start("clock")
    stack.await_ready()
    peer.answer()
    leg.wait_heard("good moment", 10)
    peer.press("1", wait=10)
    leg.wait_heard("your check-in call", 10)
    peer.press("1", wait=10)
    story.checkin_is("ok")
    legs = [event for event in story.network.journal.of("leg_created") if event.number == peer.number]
    assert len(legs) == 1
    assert [one["result"] for one in story.checkins()[0]["attempts"]] == ["ok"]


@pytest.fixture
def dead_database(request: pytest.FixtureRequest, story: Story, tmp_path: Path) -> str:
    """The URL of a database of the stack's kind that can't be reached."""
    if story.stack.database.is_sqlite:
        blocked = tmp_path / "a file where a folder should be"
        blocked.touch()
        return f"sqlite:///{blocked}/phoneline.sqlite3"
    return "postgresql://nobody@127.0.0.1:9/nothing"


def test_database_away_the_fallback_number_is_rung(story: Story, dead_database: str) -> None:
    helper = story.phone("on duty", behaviour=Behaviour(answer_after=1.0))
    with story.stack.another_web(DATABASE_URL=dead_database, FALLBACK_NUMBER=helper.number):
        call = story.phone("stranger").call_line()
        call.wait_heard("something is wrong on our side", 20)
        eventually(lambda: helper.state == "talking")
        helper.hang_up()
        call.wait_heard("9 8 8", 20)
        call.wait_over(30)


def test_database_away_without_fallback_number_the_crisis_numbers_are_spoken(story: Story, dead_database: str) -> None:
    with story.stack.another_web(DATABASE_URL=dead_database):
        call = story.phone("stranger").call_line()
        call.wait_heard("9 8 8", 20)
        assert call.wait_over(30) == "completed"


@pytest.mark.parametrize(("to_the_end", "outcome"), [(True, "crisis"), (False, "failed")])
def test_the_fallback_document_is_written_down_as_what_it_was(story: Story, to_the_end: bool, outcome: str) -> None:
    """The carrier couldn't have our first document and asked for the fallback."""
    story.network.line.voice_url = f"{story.stack.address}/nowhere"
    try:
        call = story.phone("stranger").call_line()
        call.wait_heard("9 8 8", 20)
        if not to_the_end:
            story.network.handsets[-1].hang_up()
        call.wait_over(30)
    finally:
        story.network.point_line_at(story.stack.address)
    eventually(lambda: [row["outcome"] for row in story.calls()] == [outcome], 40)


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)  # noqa: S607 - procps' own
    return [int(line) for line in listed.stdout.split()]


def test_the_carriers_rest_away_for_a_while(story: Story) -> None:
    """Offers fail, the caller keeps waiting, and is offered again when the carrier is back."""
    ana = story.volunteer("Ana")
    story.network.faults = Faults(rest_down="unavailable")
    call = story.phone("stranger").call_line()
    call.wait_heard("still ringing", 20)
    assert not ana.ringing
    story.network.faults = Faults()
    takes(ana)
    call.wait_in_conference(10, mates=1)
