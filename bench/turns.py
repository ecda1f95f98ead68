"""`make bench WHAT=turns`: what a turn of a waiting caller, a volunteer's key 1 and an idle tick cost.

By how many people are on shift, in a database that has seen many calls. Each request is signed and goes through the
whole web side, in this process and without a network. CPU is this process's own; wall includes the database's.
"""

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import mean, median
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench import facts, past
from bench.places import database
from phoneline import clock, fetching_takes, jobs, live_settings, ticker
from phoneline.db import Database
from phoneline.fetching import fetch_due
from phoneline.line import Line
from phoneline.live_settings import FRESH_SECONDS, LiveSettingsCache
from phoneline.models import Call, Leg, Person, ShiftHours
from phoneline.spreadsheets import IMPORTS
from phoneline.states import LegState
from phoneline.sweep import sweep
from tests import factories
from tests.databases import counting
from tests.webhooks.carrier import Carrier, Records, settings
from tests.webhooks.scenes import Scene
from wsgi import create_app

ON_SHIFT = (10, 100, 1000)
RINGING = 3
ZONE = ZoneInfo("America/Toronto")
AREAS = (204, 226, 236, 249, 250, 289, 306, 343, 365, 387, 403, 416)
NUMBERS = [f"+1{area}55501{last:02}" for area in AREAS for last in range(100)]
Act = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--past", type=int, default=100_000, help="calls and offers of the last year")
    parser.add_argument("--times", type=int, default=100)
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as name, ExitStack() as ending:
            Path(name).chmod(0o755)
            url = ending.enter_context(database(kind, Path(name)))
            opened = Database(url)
            ending.callback(opened.close)
            roster: list[str] = []
            for count in ON_SHIFT:
                _on_shift(opened, NUMBERS[len(roster) : count])
                roster = NUMBERS[:count]
                if count == min(ON_SHIFT):
                    past.write(opened, asked.past, clock.now())
                for what, cost in Bench(opened, asked.times).costs():
                    print(f"{kind:11}{count:5} on shift  {what:34}{cost}")
    print(facts.load_now())


def _on_shift(opened: Database, numbers: Sequence[str]) -> None:
    now = clock.now()
    local = now.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    people = [{"name": f"Volunteer {one}", "phone": one, "roles": "volunteer"} for one in numbers]
    begin, end = local - timedelta(hours=1), local + timedelta(hours=9)
    shifts = [{"phone": one, "starts_at": begin.isoformat(), "ends_at": end.isoformat(), "tier": 1} for one in numbers]
    IMPORTS["people"](opened, _table(people), ZONE, now)
    IMPORTS["shifts"](opened, _table(shifts), ZONE, now)


def _table(rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass(frozen=True)
class Cost:
    """Of one act: milliseconds in the middle, and on average of this process's processor."""

    queries: int
    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.queries:4} queries  {self.wall:7.2f} ms  {self.cpu:7.2f} ms CPU"


def _nothing() -> None:
    """No preparation is needed."""


class Bench:
    """One line, its web side and its clock, and calls to measure with."""

    def __init__(self, opened: Database, times: int) -> None:
        url = opened.engine.url.render_as_string(hide_password=False)
        self._opened = opened
        self._times = times
        self._line = Line(settings(url), opened, Records(), LiveSettingsCache(opened))
        self._carrier = Carrier(create_app(self._line))
        self._scene = Scene(opened)
        self._call = self._scene.waiting_call()
        self._turn = 0
        self._rings = ("", "")

    def costs(self) -> Iterator[tuple[str, Cost]]:
        self._anew("least_recent")
        # The first turn writes the offers down; the ones to measure look and find nobody new to ask.
        self._ring()
        yield "turn, one phone rings", self._cost(self._take_turn)
        self._anew("simultaneous")
        self._ring()
        yield "turn, all phones ring", self._cost(self._take_turn)
        self._call = self._scene.waiting_call()
        yield "turn, all talk with others", self._cost(self._take_turn)
        self._anew("least_recent")
        yield "turn, another one is rung", self._cost(self._take_turn, before=self._pass)
        self._anew("least_recent")
        yield f"key 1 of {RINGING}, caller to the room", self._cost(self._accept, before=self._several_ring)
        self._anew("least_recent")
        messenger = jobs.Messenger(self._line)
        aside = (sweep, fetch_due, fetching_takes.fetch_due)
        parts: list[Act] = [*ticker.parts(self._line, messenger), *(partial(part, self._line) for part in aside)]

        def tick() -> None:
            for part in parts:
                part()

        yield "tick, nothing is due", self._cost(tick)
        messenger.close()

    def _cost(self, act: Act, before: Act = _nothing) -> Cost:
        before()
        act()
        before()
        with counting(self._opened) as counted:
            act()
        walls, cpus = [], []
        for _ in range(self._times):
            before()
            self._line.live  # noqa: B018 - read once a second, whatever is measured
            began, used = time.perf_counter(), time.process_time()
            act()
            walls.append(1000 * (time.perf_counter() - began))
            cpus.append(1000 * (time.process_time() - used))
        return Cost(len(counted), median(walls), mean(cpus))

    def _anew(self, strategy: str) -> None:
        """All calls are over, everybody is free, and one caller waits."""
        past.end_all(self._opened, clock.now())
        with self._opened.transaction() as session:
            for key, value in {"offer_strategy": strategy, "wait_cap_seconds": "3600"}.items():
                live_settings.write(session, key, value, clock.now())
        # Read once a second.
        clock.sleep(FRESH_SECONDS)
        self._call = self._scene.waiting_call()

    def _take_turn(self) -> None:
        self._turn += 1
        self._carrier.ask(self._call.at(f"wait/{1 + self._turn % 3}"), self._call.sid)

    def _ring(self) -> None:
        self._take_turn()
        past.place_all(self._opened, clock.now())

    def _pass(self) -> None:
        """Whoever is being rung passes: somebody else is next."""
        past.let_ring(self._opened, clock.now())

    def _several_ring(self) -> None:
        past.end_all(self._opened, clock.now())
        self._call, now = self._scene.waiting_call(), clock.now()
        with self._opened.transaction() as session:
            who = session.scalars(select(Person).join(ShiftHours, ShiftHours.person_id == Person.id).limit(RINGING))
            offers = [factories.offer(session, session.get_one(Call, self._call.id), one, now) for one in who]
            for offer in offers:
                leg, sid = session.get_one(Leg, offer.leg_id), f"CA{uuid4().hex}"
                leg.state, leg.dialled_at, leg.carrier_sid = LegState.PLACED, now, sid
                self._rings = leg.token, sid

    def _accept(self) -> None:
        token, sid = self._rings
        self._carrier.ask(f"/webhooks/offers/{token}/key/1", sid, Digits="1")
        self._carrier.ask(self._call.at("next"), self._call.sid)


if __name__ == "__main__":
    main()
