"""`make bench WHAT=rosters`: what rosters cost by their size.

Who is on now, as each turn of each caller asks it, among 10 shifts and 100,000 (of at most 500 people, and the same few
are on); and the roster's page with a month of 10 volunteers and of 500.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import insert, text

from bench import facts
from bench.checkins import opened
from phoneline import clock, rosters
from phoneline.crypto import folded, lookup_hash
from phoneline.db import Database, lookup_key
from phoneline.models import Person, PersonRole, Shift, ShiftHours
from phoneline.states import AccountRole, Role
from tests.dashboard import evening, pages

ON = 5
DATES_EACH = 3
"""Of a shift: yesterday's, today's, tomorrow's."""
ROWS = 5000
LOOKS = 200
PAGES = 9
WEEKLY = 5
"""A volunteer's shifts."""
TEAM = 500
"""However many shifts, they are so many people's at most."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rosters", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--shifts", nargs=2, type=int, default=[10, 100_000], help="among which who is on is found")
    parser.add_argument("--volunteers", nargs=2, type=int, default=[10, 500], help="whose month is shown")
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        few, many = (_who_is_on(kind, shifts) for shifts in asked.shifts)
        print(
            f"{kind:11}who is on among {asked.shifts[0]:,} shifts: {few:.3f} ms, "
            f"among {asked.shifts[1]:,}: {many:.3f} ms, "
            f"{many / few:.2f} times as long; {facts.load_now()}"
        )
        for volunteers in asked.volunteers:
            month, week = _pages(kind, volunteers)
            print(
                f"{kind:11}{volunteers} volunteers: a month's blocks {month:.0f} ms, the page of a week {week:.0f} ms; "
                f"{facts.load_now()}"
            )


def _who_is_on(kind: str, shifts: int) -> float:
    """Milliseconds of one answer, in the middle of many."""
    with opened(kind) as database:
        now = clock.now()
        _write(database, shifts, [now + HOUR * (n % 20 + 2) if n >= ON else now - HOUR / 2 for n in range(shifts)])

        def look() -> None:
            with database.reading() as session:
                found = len(rosters.on_shift(session, now))
            if found != ON:
                raise RuntimeError(f"{found} are on, not {ON}")

        return _middle(look, LOOKS)


def _pages(kind: str, volunteers: int) -> tuple[float, float]:
    """Milliseconds of a month's blocks and of a week's page, over HTTP's own code, in the middle of some."""
    with opened(kind) as database:
        now = clock.now()
        first = now.replace(minute=0, second=0, microsecond=0) - 7 * DAY
        starts = [first + DAY * (n * 7 // WEEKLY) + HOUR * (n % 20) for n in range(WEEKLY * 6)]
        _write(database, volunteers, starts, each=True)
        with database.transaction() as session:
            evening.logins(session, now)
        url = database.engine.url.render_as_string(hide_password=False)
        line = pages.stopped_line(database, pages.settings(url), now)
        client = pages.logged_in(pages.pages(line), AccountRole.COORDINATOR)
        month = f"/roster/hours.json?from={now - 7 * DAY:%Y-%m-%d}&until={now + 24 * DAY:%Y-%m-%d}"

        def get(address: str) -> Callable[[], None]:
            def look() -> None:
                if client.get(address).status_code != 200:  # noqa: PLR2004 - HTTP's own word for well
                    raise RuntimeError(f"{address} was refused")

            return look

        return _middle(get(month), PAGES), _middle(get("/roster"), PAGES)


def _middle(look: Callable[[], None], looks: int) -> float:
    took = []
    for _ in range(looks + 1):
        began = time.perf_counter()
        look()
        took.append(1000 * (time.perf_counter() - began))
    # The first one compiles what the others find compiled.
    return median(took[1:])


def _write(database: Database, count: int, starts: Sequence[datetime], *, each: bool = False) -> None:
    """So many volunteers with a shift each, that starts there and has dates a day apart; or `each` with all of them."""
    with database.transaction() as session:
        key = lookup_key(session)
        for part in range(0, count, ROWS):
            some = range(part, min(count, part + ROWS))
            if part < TEAM:
                new = range(part, min(some.stop, TEAM))
                session.execute(insert(Person), [_person(n, key, starts[0]) for n in new])
                session.execute(insert(PersonRole), [{"person_id": _who(n), "role": Role.VOLUNTEER} for n in new])
            begins = [(n, at) for n in some for at in (starts if each else [starts[n]])]
            session.execute(insert(Shift), [_shift(n, k, at) for k, (n, at) in enumerate(begins)])
            dates = (0,) if each else range(-1, DATES_EACH - 1)
            hours = [_hours(n, k, at, day) for k, (n, at) in enumerate(begins) for day in dates]
            session.execute(insert(ShiftHours), hours)
    with database.transaction() as session:
        # As PostgreSQL does by itself, a while after so many rows were written.
        session.execute(text("ANALYZE"))


def _who(n: int) -> str:
    return f"v-{n % TEAM}"


def _person(n: int, key: bytes, now: datetime) -> dict[str, object]:
    name = f"Volunteer {n}"
    return {"id": _who(n), "name": name, "name_hash": lookup_hash(key, folded(name)), "created_at": now, "ready": True}


def _shift(n: int, k: int, at: datetime) -> dict[str, object]:
    local = at.replace(tzinfo=None) + timedelta(microseconds=n)
    ends = local + 2 * HOUR
    return {
        "id": f"s-{n}-{k}",
        "person_id": _who(n),
        "starts_local": local,
        "ends_local": ends,
        "laid_out_until": ends.date(),
    }


def _hours(n: int, k: int, at: datetime, day: int) -> dict[str, object]:
    starts_at = at + day * DAY
    return {
        "shift_id": f"s-{n}-{k}",
        "person_id": _who(n),
        "tier": 1 + n % 2,
        "occurs_local": starts_at.replace(tzinfo=None),
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
    }


if __name__ == "__main__":
    main()
