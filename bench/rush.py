"""`make bench WHAT=rush`: hundreds of callers within a minute on a whole line, with the simulated network around it.

Says how the calls ended, whether anybody was rung twice, how long the web side took to answer, and how long after a
volunteer's key 1 both were in the conference. The simulated network has a share of the same cores.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench import facts
from bench.turns import AREAS
from phoneline.crypto import open_vault
from phoneline.simulator import Behaviour, Event, Press
from tests.databases import KEY, Databases
from tests.journeys.stack import running
from tests.journeys.storm.judge import complaints
from tests.journeys.story import Story, eventually

CAP_SECONDS = 90
TALK_SECONDS = (15, 40)
SETTLED_WITHIN_SECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rush", description=__doc__)
    parser.add_argument("--callers", type=int, default=500)
    parser.add_argument("--volunteers", type=int, default=200)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    print(facts.machine())
    open_vault([KEY])
    for kind in asked.databases:
        with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as folder:
            databases = Databases(own=Path(folder), shared=Path(folder))
            with databases.fresh(kind) as url, running(url, Path(folder), 1.0) as stack:
                _rush(kind, Story(stack), asked.callers, asked.volunteers)
            databases.close()
    print(facts.load_now())


def _rush(kind: str, story: Story, callers: int, volunteers: int) -> None:
    random = Random(1)  # noqa: S311 - the same rush each time
    story.set(calls_per_second="50", wait_cap_seconds=str(CAP_SECONDS), wrap_up_seconds="5")
    numbers = [f"+1{area}55501{last:02}" for area in AREAS for last in range(100)]
    taker = Behaviour(answer_after=2.0, presses=(Press("1", "To take the call"), Press("1", "How was the call")))
    for n, number in enumerate(numbers[:volunteers]):
        story.network.handset(number, f"volunteer {n}", taker, "volunteer")
    now = story.local()
    story.take(
        "people", [{"name": f"V {n}", "phone": one, "roles": "volunteer"} for n, one in enumerate(numbers[:volunteers])]
    )
    times = {"starts_at": now.replace(minute=0), "ends_at": now.replace(hour=23, minute=59)}
    story.take("shifts", [{"phone": one, **times, "tier": 1} for one in numbers[:volunteers]])
    phones = [story.network.handset(one, "caller") for one in numbers[volunteers : volunteers + callers]]
    began = time.monotonic()
    for n, phone in enumerate(phones):
        time.sleep(max(0.0, 60 * n / callers - (time.monotonic() - began)))
        phone.behaviour = Behaviour(hang_up_after=10 + random.uniform(*TALK_SECONDS))
        phone.call_line()
    eventually(lambda: all(phone.current_leg is None for phone in phones), SETTLED_WITHIN_SECONDS)
    eventually(lambda: story.live_calls() == 0, SETTLED_WITHIN_SECONDS)
    story.network.wait_quiet(SETTLED_WITHIN_SECONDS)
    print(
        f"\n{kind}: {callers} callers, {volunteers} volunteers, settled after {time.monotonic() - began:.0f} s; "
        f"{facts.load_now()}"
    )
    print("  outcomes:", dict(Counter(row["outcome"] for row in story.calls())))
    events = list(story.network.journal)
    found = complaints(events, story.calls(), cap=CAP_SECONDS, slack=5, volunteers=set(numbers[:volunteers]))
    print(f"  what did not hold: {len(found)}", *found[:5], sep="\n    ")
    answers = [1000 * event.detail["seconds"] for event in events if event.kind == "webhook_answered"]
    waits = [row["wait_seconds"] for row in story.calls()]
    print(
        f"  web: {len(answers)} requests, median {median(answers):.0f} ms, p99 {quantiles(answers, n=100)[98]:.0f} ms"
    )
    print(f"  wait until joined: median {median(waits):.0f} s, longest {max(waits)} s")
    joins = _joins(events)
    p99 = 1000 * quantiles(joins, n=100)[98]
    print(f"  key 1 to both in the room: median {1000 * median(joins):.0f} ms, p99 {p99:.0f} ms")


def _joins(events: Sequence[Event]) -> list[float]:
    """Seconds from a volunteer's key 1 until the caller is in the room with them."""
    pressed: dict[str, float] = {}
    rooms: dict[str, str] = {}
    found = []
    for event in events:
        if event.kind == "digits" and event.detail["key"] == "1":
            pressed[event.leg_sid] = event.at
        elif event.kind == "conference_joined":
            first = rooms.setdefault(event.detail["name"], event.leg_sid)
            if first != event.leg_sid:
                key = next((pressed[leg] for leg in (first, event.leg_sid) if leg in pressed), None)
                found += [event.at - key] if key is not None else []
    return found


if __name__ == "__main__":
    main()
