"""`make bench WHAT=pages`: every page's time by how much stands in the books.

With 1,000 contacts of 10 people and with 1,000,000 of 10,000, of whom one in fifty is a volunteer, at least three; as
many follow-ups are open in both. Each page is asked in process, over HTTP's own code, without a network.
"""

import argparse
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench import facts
from bench.checkins import opened
from dashboard import access
from phoneline import clock
from phoneline.crypto import folded, lookup_hash
from phoneline.db import Database, lookup_key
from phoneline.models import Call, Contact, Person, PersonRole, PhoneNumber
from phoneline.states import (
    AccountRole,
    CallOutcome,
    CallState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    Role,
)
from tests.dashboard import evening, pages

ROWS = 5000
LOOKS = 7
DAYS = 1000
"""Over which the contacts are spread, up to now."""
OPEN = 20
PEOPLE_EACH = 50
"""For each volunteer."""
FEWEST = 3
WORTH_NAMING = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--contacts", nargs=2, type=int, default=[1_000, 1_000_000])
    parser.add_argument("--people", nargs=2, type=int, default=[10, 10_000])
    asked = parser.parse_args()
    print(facts.machine())
    for kind in asked.databases:
        few, many = (_took(kind, *sizes) for sizes in zip(asked.contacts, asked.people, strict=True))
        print(f"{kind}: milliseconds with little, with much, and how many times as long; {facts.load_now()}")
        for address in sorted(few, key=lambda one: -many[one] / few[one]):
            ratio = many[address] / few[address]
            print(f"  {address:34}{few[address]:8.1f}{many[address]:9.1f}{ratio:7.2f}{' *' * (ratio > WORTH_NAMING)}")


def _took(kind: str, contacts: int, people: int) -> dict[str, float]:
    """Of each page that needs no more than a person or a contact in its address, the middle of some looks."""
    with opened(kind) as database:
        now = clock.now()
        _write(database, contacts, people, now)
        with database.transaction() as session:
            evening.logins(session, now)
        url = database.engine.url.render_as_string(hide_password=False)
        app = pages.pages(pages.stopped_line(database, pages.settings(url), now))
        client = pages.logged_in(app, AccountRole.ADMIN)
        return {address: _middle(client, address) for address in _addresses(app)}


def _addresses(app: Flask) -> Iterator[str]:
    known = {"person_id": _who(1), "contact_id": _contact_id(7)}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in access.MAY and "GET" in (rule.methods or ()) and set(rule.arguments) <= set(known):
            if rule.endpoint.startswith("phones.") or rule.endpoint == "roster.hours":
                continue  # the demo's own, and what needs a stretch of days
            yield re.sub(r"<(\w+)>", lambda one: known[one[1]], rule.rule)


def _middle(client: FlaskClient, address: str) -> float:
    took = []
    for _ in range(LOOKS + 1):
        began = time.perf_counter()
        if client.get(address).status_code >= 500:  # noqa: PLR2004 - HTTP's own bound
            raise RuntimeError(f"{address} failed")
        took.append(1000 * (time.perf_counter() - began))
    # The first one compiles what the others find compiled.
    return median(took[1:])


def _write(database: Database, contacts: int, people: int, now: datetime) -> None:
    with database.transaction() as session:
        key = lookup_key(session)
        for some in _parts(people):
            session.execute(insert(Person), [_person(n, key, now) for n in some])
            session.execute(insert(PersonRole), [{"person_id": _who(n), "role": _role(n)} for n in some])
            session.execute(insert(PhoneNumber), [_number(n) for n in some])
    for some in _parts(contacts):
        with database.transaction() as session:
            _contacts(session, some, contacts, people, now)
    with database.transaction() as session:
        # As PostgreSQL does by itself, a while after so many rows were written.
        session.execute(text("ANALYZE"))


def _contacts(session: Session, some: range, contacts: int, people: int, now: datetime) -> None:
    at = {n: now - timedelta(days=DAYS) * (1 - (n + 1) / contacts) - timedelta(minutes=5) for n in some}
    whose = {n: _peer(n, people) for n in some}
    session.execute(insert(Call), [_call(n, at[n], whose[n]) for n in some])
    session.execute(insert(Contact), [_contact(n, at[n], whose[n], is_open=n >= contacts - OPEN) for n in some])


def _parts(count: int) -> Iterator[range]:
    return (range(start, min(count, start + ROWS)) for start in range(0, count, ROWS))


def _who(n: int) -> str:
    return f"p-{n}"


def _contact_id(n: int) -> str:
    return f"c-{n}"


def _role(n: int) -> Role:
    return Role.VOLUNTEER if (n < 2 * FEWEST and n % 2 == 0) or n % PEOPLE_EACH == 0 else Role.PEER


def _peer(n: int, people: int) -> str:
    """Everybody's turn comes."""
    return _who((2 * n + 1) % people)


def _person(n: int, key: bytes, now: datetime) -> dict[str, object]:
    name = f"Person {n}"
    return {"id": _who(n), "name": name, "name_hash": lookup_hash(key, folded(name)), "created_at": now}


def _number(n: int) -> dict[str, object]:
    return {
        "person_id": _who(n),
        "position": 1,
        "number": f"+141655501{n % 100:02}",
        "number_hash": _who(n),
        "sole": False,
    }


def _call(n: int, at: datetime, person_id: str) -> dict[str, object]:
    return {
        "id": f"call-{n}",
        "token": f"token-{n}",
        "carrier_sid": f"CA{n:032x}",
        "direction": Direction.INBOUND,
        "person_id": person_id,
        "language": "en",
        "state": CallState.ENDED,
        "started_at": at,
        "wait_began_at": at,
        "answered_at": at + timedelta(seconds=20),
        "talk_seconds": 200.0,
        "ended_at": at + timedelta(seconds=220),
        "outcome": CallOutcome.CONNECTED,
        "volunteer_id": _who(0),
        "check_at": at,
    }


def _contact(n: int, at: datetime, person_id: str, *, is_open: bool) -> dict[str, object]:
    return {
        "id": _contact_id(n),
        "at": at,
        "kind": ContactKind.CALL,
        "person_id": person_id,
        "volunteer_id": _who(0),
        "outcome": ContactOutcome.FOLLOW_UP if is_open else ContactOutcome.FINE,
        "follow_up": FollowUp.WANTED if is_open else FollowUp.NONE,
        "call_id": f"call-{n}",
        "due_at": at + timedelta(days=1) if is_open else None,
    }


if __name__ == "__main__":
    main()
