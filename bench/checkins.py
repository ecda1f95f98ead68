"""`make bench WHAT=checkins`: what check-in plans cost by how many there are.

Finding what is due, as each clock does every second, among 1,000 and a million plans, in which the same few are due;
and creating a day's check-ins for 100,000 plans.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench import facts
from bench.places import database
from phoneline import checkin_layout, clock, due_checkins
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Checkin, CheckinPlan, Consent, Person, PersonRole, PhoneNumber
from phoneline.states import CheckinState, ConsentKind, PlanKind, Purpose, Role
from tests.factories import TORONTO

RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=SU")
PLANS_EACH = 10
"""A person's."""
DUE = 20
ROWS = 5000
LOOKS = 200


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.checkins", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument(
        "--plans", nargs=2, type=int, default=[1_000, 1_000_000], help="among which what is due is found"
    )
    parser.add_argument("--lay-out", type=int, default=100_000, help="plans for which a day is created")
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        few, many = (_look(kind, count) for count in asked.plans)
        print(
            f"{kind:11}finding what is due among {asked.plans[0]:,} plans: {few:.3f} ms, among {asked.plans[1]:,}: "
            f"{many:.3f} ms, {many / few:.2f} times as long; {facts.load_now()}"
        )
        seconds, made = _lay_out(kind, asked.lay_out)
        print(f"{kind:11}a day for {asked.lay_out:,} plans: {seconds:.1f} s, {made:,} check-ins; {facts.load_now()}")


def _look(kind: str, plans: int) -> float:
    """Milliseconds of the questions that a tick and a dialler ask, in the middle of many."""
    with opened(kind) as base:
        now = clock.now()
        _write(base, plans, now, laid_out=True)
        took = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            with base.reading() as session:
                _ask(session, now)
            took.append(1000 * (time.perf_counter() - began))
        return median(took)


def _ask(session: Session, now: datetime) -> None:
    """The tick's own questions, and what the dialler and the clock then look for."""
    session.execute(select(due_checkins.anything_waits(now), checkin_layout.is_lay_out_due(now))).one()
    found = session.scalars(due_checkins.dialable(now).limit(due_checkins.MOST)).all()
    past = session.scalars(due_checkins.past_dialling(LiveSettings(), now)).all()
    if len(found) != DUE or past:
        raise RuntimeError(f"{len(found)} are to be dialled and {len(past)} are past that, not {DUE} and 0")


def _lay_out(kind: str, plans: int) -> tuple[float, int]:
    with opened(kind) as base:
        now = clock.now()
        _write(base, plans, now, laid_out=False)
        began = time.perf_counter()
        while True:
            with base.transaction() as session:
                if checkin_layout.lay_out_due(session, TORONTO, now) < checkin_layout.MOST:
                    break
        seconds = time.perf_counter() - began
        with base.reading() as session:
            return seconds, session.scalar(select(func.count()).select_from(Checkin)) or 0


@contextmanager
def opened(kind: str) -> Iterator[Database]:
    """A fresh database, until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="phoneline-bench-") as name:
        # PostgreSQL may run as somebody else.
        Path(name).chmod(0o755)
        with database(kind, Path(name)) as url:
            base = Database(url)
            yield base
            base.close()


def _write(base: Database, plans: int, now: datetime, *, laid_out: bool) -> None:
    """So many plans at all hours. Laid out, each has one check-in in the coming day, but for a few that are due."""
    people = plans // PLANS_EACH
    local = now.replace(tzinfo=None, second=0, microsecond=0) - timedelta(days=200)
    until = now + checkin_layout.AHEAD if laid_out else now + timedelta(hours=12)
    with base.transaction() as session:
        for some in _parts(people):
            ids = {n: f"person-{n}" for n in some}
            session.execute(insert(Person), [_person(one, now) for one in ids.values()])
            session.execute(insert(PersonRole), [{"person_id": one, "role": Role.PEER} for one in ids.values()])
            session.execute(insert(PhoneNumber), [_number(one) for one in ids.values()])
            session.execute(insert(Consent), [_consent(one, now) for one in ids.values()])
        for some in _parts(plans):
            rows = [_plan(n, local + timedelta(minutes=n % 1440), until, people) for n in some]
            session.execute(insert(CheckinPlan), rows)
            if laid_out:
                session.execute(insert(Checkin), list(_checkins(rows, some[0], now)))


def _parts(count: int) -> Iterator[range]:
    return (range(start, min(count, start + ROWS)) for start in range(0, count, ROWS))


def _person(person_id: str, now: datetime) -> dict[str, object]:
    return {"id": person_id, "name": "Peer", "name_hash": person_id, "created_at": now}


def _number(person_id: str) -> dict[str, object]:
    return {"person_id": person_id, "position": 1, "number": person_id, "number_hash": person_id, "sole": False}


def _consent(person_id: str, now: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "kind": ConsentKind.AUTOMATED_CALLS,
        "given_at": now,
        "given_how": "spreadsheet",
    }


def _plan(n: int, starts: datetime, until: datetime, people: int) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "person_id": f"person-{n % people}",
        "starts_local": starts + timedelta(days=n // people),
        "rrule": RULES[n % len(RULES)],
        "kind": PlanKind.AUTOMATED,
        "purpose": Purpose.SOCIAL,
        "laid_out_until": until,
    }


def _checkins(plans: list[dict[str, object]], first: int, now: datetime) -> Iterator[Mapping[str, object]]:
    for n, plan in enumerate(plans, start=first):
        due_at = now - timedelta(seconds=1 + n) if n < DUE else now + timedelta(seconds=60 + n % 86_400)
        yield {
            "plan_id": plan["id"],
            "person_id": plan["person_id"],
            "kind": PlanKind.AUTOMATED,
            "purpose": Purpose.SOCIAL,
            "due_at": due_at,
            "day_from": now,
            "day_until": now + timedelta(days=1),
            "state": CheckinState.DUE,
            "attempt_due_at": due_at,
            "dial_after": due_at,
        }


if __name__ == "__main__":
    main()
