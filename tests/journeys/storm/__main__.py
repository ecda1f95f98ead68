"""Many storms, each with a seed of its own: `make storm SEEDS=100`, on both databases unless DATABASE names one.

Of callers and volunteers, or with `WHAT=checkins` of hundreds of check-ins, several clocks and workers, and `kill -9`.

Prints a line for each seed; for one that fails, what did not hold and the network's whole timeline. Status 1 then.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from phoneline.crypto import open_vault
from tests.databases import KEY, Databases
from tests.journeys.stack import running
from tests.journeys.storm.checkins import storm_of_checkins
from tests.journeys.storm.checkins_plan import random_checkins
from tests.journeys.storm.plan import random_plan
from tests.journeys.storm.storm import storm
from tests.journeys.story import Story

SPEED = 10.0
PEERS, MISHAPS = 200, 5
AT_A_TIME = 20
"""Storms on one line before the next one is started: it has only so many invented numbers."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--what", choices=tuple(STORMS), default="calls")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    kinds = (asked.database,) if asked.database else ("sqlite", "postgresql")
    failed = {kind: _run(kind, seeds, STORMS[asked.what]) for kind in kinds}
    for kind, broken in failed.items():
        print(f"{kind}: {len(seeds) - len(broken)} of {len(seeds)} held{', not ' if broken else ''}{_listed(broken)}")
    return int(any(failed.values()))


def _batches(seeds: Sequence[int], size: int) -> list[Sequence[int]]:
    return [seeds[start : start + size] for start in range(0, len(seeds), size)]


def _listed(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds))


def _of_calls(story: Story, seed: int, _databases: Databases) -> list[str]:
    return storm(story, random_plan(seed))


def _of_checkins(story: Story, seed: int, databases: Databases) -> list[str]:
    restart = None if story.stack.database.is_sqlite else databases.restart_server
    return storm_of_checkins(story, random_checkins(seed, PEERS, MISHAPS), restart)


STORMS = {"calls": _of_calls, "checkins": _of_checkins}


def _run(kind: str, seeds: Sequence[int], one: Callable[[Story, int, Databases], list[str]]) -> list[int]:
    """The seeds that failed."""
    broken = []
    with tempfile.TemporaryDirectory(prefix="phoneline-storm-") as folder:
        open_vault([KEY])
        databases = Databases(own=Path(folder), shared=Path(folder))
        for turn, some in enumerate(_batches(seeds, 2 if one is _of_checkins else AT_A_TIME)):
            stack_folder = Path(folder) / f"{kind}-{turn}"
            stack_folder.mkdir()
            with databases.fresh(kind) as url, running(url, stack_folder, SPEED) as stack:
                for seed in some:
                    story = Story(stack)
                    found = one(story, seed, databases)
                    print(f"{kind} seed {seed}: {'held' if not found else 'DID NOT HOLD'}", flush=True)
                    if found:
                        broken.append(seed)
                        print("\n".join([*found, story.network.journal_text()]), flush=True)
                    story.end()
        databases.close()
    return broken


if __name__ == "__main__":
    sys.exit(main())
