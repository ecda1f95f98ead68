"""`make bench WHAT=turns`: what one turn of a waiting caller costs, by how many people are on shift."""

import csv
import io
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench import facts
from bench.places import database
from phoneline import calls, clock, legs
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg, Offer
from phoneline.spreadsheets import IMPORTS
from phoneline.states import CallState, Direction, LegState

ON_SHIFT = (10, 100, 1000)
TURNS = 200
ZONE = ZoneInfo("America/Toronto")
AREAS = (204, 226, 236, 249, 250, 289, 306, 343, 365, 387, 403, 416)


def main() -> None:
    print(facts.machine())
    for kind in ("sqlite", "postgresql"):
        for count in ON_SHIFT:
            with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as name, ExitStack() as ending:
                Path(name).chmod(0o755)
                opened = Database(ending.enter_context(database(kind, Path(name))))
                ending.callback(opened.close)
                _roster(opened, count)
                for what, all_talk in (("one is free", False), ("all are talking", True)):
                    times = _turns(opened, all_talk=all_talk)
                    p99 = quantiles(times, n=100)[98]
                    print(f"{kind:11} {count:5} on shift, {what:16} median {median(times):6.2f} ms, p99 {p99:6.2f} ms")
    print(facts.load_now())


def _roster(opened: Database, count: int) -> None:
    now = clock.now()
    local = now.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    numbers = [f"+1{area}55501{last:02}" for area in AREAS for last in range(100)][:count]
    people = [{"name": f"Volunteer {n}", "phone": number, "roles": "volunteer"} for n, number in enumerate(numbers)]
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


def _turns(opened: Database, *, all_talk: bool) -> list[float]:
    """Milliseconds of each turn: a commit of its own, as in a webhook, without HTTP and signature."""
    live, now = LiveSettings(offer_strategy="simultaneous" if all_talk else "least_recent"), clock.now()
    with opened.transaction() as session:
        session.add(
            Call(
                token=legs.new_token(),
                carrier_sid=f"CA-{all_talk}",
                direction=Direction.INBOUND,
                language="en",
                state=CallState.WAITING,
                started_at=now,
                wait_began_at=now,
                check_at=now,
            )
        )
    times = []
    for turn in range(1, TURNS + 1):
        began = time.perf_counter()
        with opened.transaction() as session:
            call = calls.by_sid(session, f"CA-{all_talk}")
            if call is None:
                raise LookupError("the call is not there")
            calls.next_step(session, call, turn, live, now)
        times.append(1000 * (time.perf_counter() - began))
        if turn == 1:
            # The first turn wrote the offers down; the ones to measure look and find nobody new to ask.
            _place(opened, now)
    return times[1:]


def _place(opened: Database, now: datetime) -> None:
    """Every leg that waits to be dialled rings."""
    with opened.transaction() as session:
        for leg in session.scalars(select(Leg).where(Leg.id.in_(select(Offer.leg_id)), Leg.state == LegState.PENDING)):
            leg.state, leg.dialled_at = LegState.PLACED, now


if __name__ == "__main__":
    main()
