"""A storm on a running line: everybody telephones as planned, things go wrong, and then it is judged."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from phoneline.simulator import Faults
from tests.journeys.storm.judge import complaints
from tests.journeys.storm.plan import Plan
from tests.journeys.story import Story, eventually

CAP_SECONDS = 60
SLACK_SECONDS = 5.0
"""Our own seconds that a busy machine may take beyond what the line promises."""
OVER_SECONDS = 60.0
Act = tuple[float, Callable[[], object]]
"""What somebody does, or what goes wrong, at a second of the line's time."""


def storm(story: Story, plan: Plan) -> list[str]:
    """What did not hold in this storm; empty is what is wanted."""
    story.set(
        offer_strategy=plan.strategy, wait_cap_seconds=str(CAP_SECONDS), offer_ring_seconds=str(plan.ring_seconds)
    )
    stack = story.stack
    since = len(story.network.journal)
    numbers = _volunteers(story, plan)
    callers = [story.phone(f"caller {n}", behaviour=one.behaviour) for n, one in enumerate(plan.callers)]
    story.network.faults = plan.faults()
    calls = [(one.calls_at, phone.call_line) for one, phone in zip(plan.callers, callers, strict=True)]
    _at_their_times(story, calls, _mishaps(story, plan))
    eventually(lambda: all(phone.current_leg is None for phone in callers), OVER_SECONDS)
    story.network.faults = Faults()
    story.let_go_of_promises()
    eventually(lambda: len(story.calls()) > 0 and story.live_calls() == 0, OVER_SECONDS)
    eventually(lambda: all(handset.current_leg is None for handset in story.network.handsets), OVER_SECONDS)
    story.network.wait_quiet(20)
    slack = SLACK_SECONDS * stack.speed
    events = story.network.journal[since:]
    return [*complaints(events, story.calls(), cap=CAP_SECONDS, slack=slack, volunteers=numbers), *_errors(story, plan)]


def _volunteers(story: Story, plan: Plan) -> set[str]:
    people, shifts = [], []
    now = story.local()
    for n, one in enumerate(plan.volunteers):
        phone = story.phone(f"volunteer {n}", "volunteer", one.behaviour)
        ends = now + (timedelta(hours=9) if one.shift_ends_at is None else timedelta(seconds=one.shift_ends_at))
        people.append({"name": f"Volunteer {n}", "phone": phone.number, "roles": "volunteer"})
        shifts.append({"phone": phone.number, "starts_at": now - timedelta(hours=1), "ends_at": ends, "tier": one.tier})
    story.take("people", people)
    story.take("shifts", shifts)
    return {person["phone"] for person in people}


def _mishaps(story: Story, plan: Plan) -> list[Act]:
    stack = story.stack

    def kill() -> None:
        stack.kill("worker")
        stack.start("worker")

    found: list[Act] = [] if plan.kill_at is None else [(plan.kill_at, kill)]
    if plan.queue_away is not None:
        at, seconds = plan.queue_away
        found += [(at, stack.queue.stop), (at + seconds, stack.queue.start)]
    return found


def _at_their_times(story: Story, calls: Sequence[Act], mishaps: Sequence[Act]) -> None:
    """Each act at its second of the line's time, the calls of one instant at once.

    Mishaps happen one after the other and on this very thread: the queue server ends with the thread that started it.
    """
    began = time.monotonic()
    threads = []
    for (at, act), is_call in sorted(
        [*((one, True) for one in calls), *((one, False) for one in mishaps)], key=lambda one: one[0][0]
    ):
        time.sleep(max(0.0, story.stack.real(at) - (time.monotonic() - began)))
        if is_call:
            threads.append(threading.Thread(target=act))
            threads[-1].start()
        else:
            act()
    for thread in threads:
        thread.join()


def _errors(story: Story, plan: Plan) -> list[str]:
    """Mistakes of ours. What a killed process or an absent queue left in a log is none."""
    if plan.kill_at is not None or plan.queue_away is not None:
        return story.network.app_errors()
    return story.errors()
