"""A storm of check-ins on a running line: hundreds are due at once, processes die, and then it is judged."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from sqlalchemy import create_engine, select, text

from phoneline.db import Database
from phoneline.models import Leg, Person
from phoneline.simulator import Faults, Handset
from tests.journeys.storm.checkins_judge import FINAL, Rules, complaints, courses
from tests.journeys.storm.checkins_plan import PROCESSES, CheckinsPlan, Peer
from tests.journeys.story import Story, eventually

ATTEMPTS = 2
GRACE_SECONDS = 400
CALLS_PER_SECOND = 1.5
SETTINGS = {
    "checkin_attempts": str(ATTEMPTS),
    "checkin_retry_seconds": "15",
    "checkin_ring_seconds": "8",
    "checkin_snooze_seconds": "10",
    "checkin_snoozes": "1",
    "checkin_grace_seconds": str(GRACE_SECONDS),
    "calls_per_second": str(CALLS_PER_SECOND),
}
AWAY_SECONDS = 1.0
"""Our own seconds for which the database is away."""
BACK_SECONDS = 0.5
"""And after which a killed process is started again."""
OVER_SECONDS = 90.0
LATE_SECONDS = 0.1
SLACK_SECONDS = 2.5


def storm_of_checkins(
    story: Story, plan: CheckinsPlan, restart_database: Callable[[], None] | None = None
) -> list[str]:
    """What did not hold; empty is what is wanted."""
    story.set(**SETTINGS)
    since = len(story.network.journal)
    peers = _everybody(story, plan)
    story.network.faults = plan.faults()
    try:
        _go_on(story, plan, peers, restart_database)
        eventually(lambda: all(row["state"] in FINAL for row in story.checkins()), OVER_SECONDS)
    except AssertionError:
        lost = [row["state"] for row in story.checkins() if row["state"] not in FINAL]
        return [f"{len(lost)} check-ins have not come to an end: {', '.join(lost)}"]
    finally:
        story.network.faults = Faults()
        _end_second_processes(story)
    eventually(lambda: all(one.current_leg is None for one in story.network.handsets), OVER_SECONDS)
    eventually(lambda: story.live_legs() == 0, OVER_SECONDS)
    story.network.wait_quiet(OVER_SECONDS)
    # Without its database the line can only ask the carrier to come again.
    own = [one for one in story.network.journal[since:] if one.kind in {"app_error", "simulator_error"}]
    mistakes = [one.line() for one in own if "HTTP 503" not in one.line()]
    return [*_judged(story, since, peers), *mistakes]


def _everybody(story: Story, plan: CheckinsPlan) -> dict[str, Peer]:
    phones = [story.phone(f"{one.kind} {n}", behaviour=one.behaviour) for n, one in enumerate(plan.peers)]
    people = [
        {"name": f"Peer {n}", "phone": phone.number, "roles": "peer", "checkin_consent": "yes"}
        for n, phone in enumerate(phones)
    ]
    story.take("people", people)
    soon = story.local() + timedelta(seconds=2 * story.stack.speed)
    checkins = [
        {
            "phone": phone.number,
            "starts_at": (soon + timedelta(seconds=one.due_after)).replace(microsecond=0),
            "kind": "automated",
            "purpose": "safety" if one.safety else "social",
        }
        for phone, one in zip(phones, plan.peers, strict=True)
    ]
    for name in PROCESSES:
        if name not in story.stack.processes:
            story.stack.start(name)
    story.take("checkins", checkins)
    return {phone.number: one for phone, one in zip(phones, plan.peers, strict=True)}


def _go_on(
    story: Story, plan: CheckinsPlan, peers: Mapping[str, Peer], restart_database: Callable[[], None] | None
) -> None:
    """Mishaps and texts, each at its second of the line's time."""
    stack = story.stack
    phones = {one.number: one for one in story.network.handsets if one.number in peers}

    def text_from(phone: Handset) -> Callable[[], object]:
        return lambda: phone.text_line("All is well here")

    def mishap(name: str) -> Callable[[], object]:
        if name in PROCESSES:
            return lambda: _kill(story, name)
        if name == "queue emptied":
            return lambda: Redis.from_url(stack.queue.url).flushall()
        return restart_database or (lambda: _take_database_away(stack.database))

    acts = [(at, mishap(name)) for at, name in plan.mishaps]
    acts += [(one.texts_at, text_from(phones[number])) for number, one in peers.items() if one.texts_at is not None]
    began = time.monotonic()
    for at, act in sorted(acts, key=lambda one: one[0]):
        time.sleep(max(0.0, stack.real(at) - (time.monotonic() - began)))
        act()


def _kill(story: Story, name: str) -> None:
    story.stack.kill(name)
    time.sleep(BACK_SECONDS)
    story.stack.start(name)


def _take_database_away(database: Database) -> None:
    """As a restart of PostgreSQL looks to its clients, or a process that holds all of SQLite."""
    if database.is_sqlite:
        with database.transaction():
            time.sleep(AWAY_SECONDS)
        return
    name = database.engine.url.database
    server = create_engine(database.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        time.sleep(AWAY_SECONDS)
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    server.dispose()


def _judged(story: Story, since: int, peers: Mapping[str, Peer]) -> list[str]:
    stack = story.stack
    with stack.database.reading() as session:
        number_of = {one.id: one.numbers[0].number for one in session.scalars(select(Person)) if one.numbers}
        dialled = session.scalars(select(Leg.dialled_at).where(Leg.dialled_at.is_not(None))).all()
    rows: dict[str, Mapping[str, Any]] = {number_of[row["person_id"]]: row for row in story.checkins()}
    tasks = dict.fromkeys(peers, False)
    for contact in story.contacts():
        number = number_of.get(contact["person_id"] or "")
        if number in tasks:
            tasks[number] |= contact["follow_up"] != "none"
    ahead = stack.now().timestamp() - story.network.pace.now()

    def at_network(instant: datetime) -> float:
        return instant.astimezone(UTC).timestamp() - ahead

    rules = Rules(
        attempts=ATTEMPTS,
        grace=GRACE_SECONDS,
        calls_per_second=CALLS_PER_SECOND,
        late=LATE_SECONDS * stack.speed,
        slack=SLACK_SECONDS * stack.speed,
    )
    found = courses(story.network.journal[since:], peers, rows, tasks, at_network)
    return complaints(found, [at.timestamp() for at in dialled if at is not None], rules)


def _end_second_processes(story: Story) -> None:
    for name in PROCESSES:
        if name.startswith("second") and name in story.stack.processes:
            with suppress(ProcessLookupError):
                story.stack.kill(name)
