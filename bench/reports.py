"""`make bench WHAT=reports`: the page of a report, with 10,000 calls and with a million.

Calls come evenly over two years, with their contacts, check-ins, legs and prices. The same ten thousand lie in the
month that is asked for, however many there are besides; a whole year is measured by itself.
"""

import argparse
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from bench import facts
from bench.checkins import opened
from phoneline import clock
from phoneline.charge_states import ChargeKind
from phoneline.crypto import folded, lookup_hash
from phoneline.db import Database, lookup_key
from phoneline.models import (
    Attempt,
    Call,
    Charge,
    Checkin,
    CheckinPlan,
    Contact,
    Leg,
    Person,
    PersonRole,
    ShiftHours,
)
from phoneline.states import (
    AccountRole,
    AttemptResult,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    LegEnd,
    LegPurpose,
    LegState,
    PlanKind,
    Purpose,
    Role,
    SettledBy,
)
from tests.dashboard import evening, pages

PEOPLE, VOLUNTEERS = 10_000, 50
MONTH, YEAR = timedelta(days=28), timedelta(days=365)
MINUTE = timedelta(minutes=1)
ROWS = 5000
LOOKS = 5
ENDINGS = (*[CallOutcome.CONNECTED] * 8, CallOutcome.VOICEMAIL, CallOutcome.CALLBACK, CallOutcome.ABANDONED)
KIND_OF = {CallOutcome.VOICEMAIL: ContactKind.VOICEMAIL, CallOutcome.CALLBACK: ContactKind.CALLBACK}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reports", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--calls", nargs=2, type=int, default=[10_000, 1_000_000], help="in all")
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        few, many = (_page(kind, calls, asked.calls[0]) for calls in asked.calls)
        print(
            f"{kind:11}a month with {asked.calls[0]:,} calls: {few[0]:.0f} ms; among {asked.calls[1]:,}: "
            f"{many[0]:.0f} ms, {many[0] / few[0]:.2f} times as long; {facts.load_now()}"
        )
        print(f"{kind:11}a whole year of {asked.calls[1]:,} calls in two: {many[1]:.0f} ms; {facts.load_now()}")


def _page(kind: str, calls: int, in_month: int) -> tuple[float, float]:
    """Milliseconds of the page of a month and of a year, in the middle of some."""
    with opened(kind) as database:
        now = clock.now()
        with database.transaction() as session:
            evening.logins(session, now)
        write(database, now, calls, in_month)
        url = database.engine.url.render_as_string(hide_password=False)
        client = pages.logged_in(
            pages.pages(pages.stopped_line(database, pages.settings(url), now)), AccountRole.COORDINATOR
        )

        def middle(days: timedelta) -> float:
            address = f"/reports?from={now - days:%Y-%m-%d}&to={now:%Y-%m-%d}"
            took = []
            for _ in range(LOOKS + 1):
                began = time.perf_counter()
                status = client.get(address).status_code
                took.append(1000 * (time.perf_counter() - began))
                if status != 200:  # noqa: PLR2004 - HTTP's own word for well
                    raise RuntimeError(f"{address} was refused: {status}")
            return median(took[1:])

        return middle(MONTH), middle(YEAR)


def write(database: Database, now: datetime, calls: int, in_month: int) -> None:
    """So many calls: `in_month` in the last four weeks, the others before them, back to two years."""
    chance = random.Random(1)  # noqa: S311 - no secret
    _people(database, now)
    before = calls - in_month
    for part in range(0, calls, ROWS):
        some = range(part, min(calls, part + ROWS))
        ats = [
            now - MONTH * ((n + 0.5) / in_month)
            if n < in_month
            else now - MONTH - (2 * YEAR - MONTH) * ((n - in_month + 0.5) / before)
            for n in some
        ]
        with database.transaction() as session:
            if database.is_sqlite:
                session.execute(text("PRAGMA cache_size = -262144"))
            made = [_call(n, at, chance) for n, at in zip(some, ats, strict=True)]
            session.execute(insert(Leg), [_leg(n, at) for n, at in zip(some, ats, strict=True)])
            session.execute(insert(Call), made)
            session.execute(insert(Contact), [_contact(one, chance) for one in made])
            session.execute(insert(Charge), list(_charges(made)))
            checkins = [_checkin(n, at, chance) for n, at in zip(some, ats, strict=True) if n % 3 == 0]
            session.execute(insert(Checkin), checkins)
            session.execute(insert(Attempt), [_attempt(n, at) for n, at in zip(some, ats, strict=True) if n % 3 == 0])
            session.execute(insert(ShiftHours), [_hours(n, at) for n, at in zip(some, ats, strict=True) if n % 50 == 0])
    with database.transaction() as session:
        # As PostgreSQL does by itself, a while after so many rows were written.
        session.execute(text("ANALYZE"))


def _people(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        key = lookup_key(session)
        names = [(f"p-{n}", f"Peer {n}") for n in range(PEOPLE)] + [
            (f"v-{n}", f"Volunteer {n}") for n in range(VOLUNTEERS)
        ]
        rows = [
            {"id": id_, "name": name, "name_hash": lookup_hash(key, folded(name)), "created_at": now, "ready": True}
            for id_, name in names
        ]
        session.execute(insert(Person), rows)
        roles = [{"person_id": f"v-{n}", "role": Role.VOLUNTEER} for n in range(VOLUNTEERS)]
        session.execute(insert(PersonRole), roles)
        plans = [_plan(n, now) for n in range(PEOPLE)]
        session.execute(insert(CheckinPlan), plans)


def _plan(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"plan-{n}",
        "person_id": f"p-{n}",
        "starts_local": now.replace(tzinfo=None),
        "kind": PlanKind.VOLUNTEER if n % 2 else PlanKind.AUTOMATED,
        "purpose": Purpose.SOCIAL,
        "volunteer_id": f"v-{n % VOLUNTEERS}",
        "laid_out_until": now + YEAR,
    }


def _call(n: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    outcome = chance.choice(ENDINGS)
    waited = timedelta(seconds=chance.expovariate(1 / 20))
    talked = chance.expovariate(1 / 900) if outcome is CallOutcome.CONNECTED else 0.0
    joined = at + waited if talked else None
    return {
        "id": f"call-{n}",
        "token": f"token-{n}",
        "carrier_sid": f"CA{n:032x}",
        "direction": Direction.OUTBOUND if n % 5 == 0 else Direction.INBOUND,
        "leg_id": None,
        "person_id": f"p-{chance.randrange(PEOPLE)}",
        "language": "en",
        "state": CallState.ENDED,
        "started_at": at,
        "wait_began_at": at,
        "way_out_at": at + waited if outcome in KIND_OF else None,
        "answered_at": joined,
        "talk_seconds": talked,
        "ended_at": at + waited + timedelta(seconds=talked),
        "outcome": (outcome if talked else None) if n % 5 == 0 else outcome,
        "volunteer_id": f"v-{chance.randrange(VOLUNTEERS)}" if talked else None,
        "check_at": at,
    }


def _leg(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"leg-{n}",
        "token": f"leg-token-{n}",
        "purpose": LegPurpose.OFFER,
        "priority": 1,
        "number": "+14165550101",
        "ring_seconds": 20,
        "state": LegState.ENDED,
        "carrier_sid": f"CB{n:032x}",
        "created_at": at,
        "dialled_at": at,
        "answered_at": at,
        "ended_at": at + MINUTE,
        "end": LegEnd.COMPLETED,
        "check_at": at,
    }


def _contact(call: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    follow_up = chance.choice((*[FollowUp.NONE] * 8, FollowUp.DONE))
    at: datetime = call["started_at"]
    return {
        "id": f"contact-{call['id']}",
        "at": at,
        "kind": KIND_OF.get(call["outcome"], ContactKind.CALL),
        "person_id": call["person_id"],
        "volunteer_id": call["volunteer_id"],
        "outcome": ContactOutcome.FINE,
        "follow_up": follow_up,
        "call_id": call["id"],
        "done_at": at + timedelta(hours=chance.expovariate(0.2)) if follow_up is FollowUp.DONE else None,
    }


def _charges(calls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in calls:
        for prefix, kind in (("CA", ChargeKind.INBOUND), ("CB", ChargeKind.OUTBOUND)):
            sid = prefix + one["carrier_sid"][2:]
            yield {
                "id": sid,
                "carrier_sid": sid,
                "kind": kind,
                "at": one["started_at"],
                "micros": 12_000,
                "unit": "USD",
                "tries": 1,
            }


def _checkin(n: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    state = chance.choice((CheckinState.OK, CheckinState.OK, CheckinState.TALKED, CheckinState.UNREACHED))
    heard = state is not CheckinState.UNREACHED
    return {
        "id": f"checkin-{n}",
        "plan_id": f"plan-{n % PEOPLE}",
        "person_id": f"p-{n % PEOPLE}",
        "kind": PlanKind.VOLUNTEER if n % 2 else PlanKind.AUTOMATED,
        "purpose": Purpose.SOCIAL,
        "due_at": at,
        "day_from": at,
        "day_until": at,
        "state": state,
        "attempt_due_at": at,
        "dial_after": at,
        "attempts_used": 1,
        "settled_at": at + timedelta(minutes=chance.expovariate(0.1)) if heard else None,
        "settled_by": SettledBy.KEYPAD if heard else None,
    }


def _attempt(n: int, at: datetime) -> dict[str, Any]:
    ids = {"id": f"attempt-{n}", "checkin_id": f"checkin-{n}", "call_id": f"call-{n}"}
    return {**ids, "at": at, "result": AttemptResult.OK, "over_at": at}


def _hours(n: int, at: datetime) -> dict[str, Any]:
    return {
        "person_id": f"v-{n // 50 % VOLUNTEERS}",
        "tier": 1,
        "starts_at": at,
        "ends_at": at + 4 * timedelta(hours=1),
    }


if __name__ == "__main__":
    main()
