"""People, what they agreed to, and their telephones."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from phoneline import (
    countries,
    opt_outs,
    people,
)
from phoneline.crypto import folded, lookup_hash
from phoneline.db import lookup_key
from phoneline.models import (
    AgreedContact,
    Person,
    PersonRole,
    PhoneNumber,
)
from phoneline.states import (
    Role,
)
from tests.factories.constants import serials


@cache
def _areas() -> Sequence[int]:
    """Area codes of Canada and the United States, Toronto first: some between them are of islands."""
    return [area for area in range(416, 1000) if countries.may_be_rung(f"+1{area}5550100", ("CA", "US"))]


def number(index: int) -> str:
    """One of 100 invented numbers in Toronto, others with another area code."""
    return f"+1{_areas()[index // 100]}55501{index % 100:02}"


def person(session: Session, *roles: Role, now: datetime, **given: Any) -> Person:
    """A person, a peer unless roles are given. `numbers` are theirs in order, one invented by default."""
    key = lookup_key(session)
    held = roles or (Role.PEER,)
    serial = next(serials)
    name = given.pop("name", f"Person {serial}")
    numbers = given.pop("numbers", [number(serial)])
    made = Person(name=name, name_hash=lookup_hash(key, folded(name)), created_at=now, **given)
    made.roles = [PersonRole(role=role) for role in held]
    made.numbers = [
        PhoneNumber(position=position, number=text, number_hash=lookup_hash(key, text), sole=Role.VOLUNTEER in held)
        for position, text in enumerate(numbers, start=1)
    ]
    session.add(made)
    session.flush()
    return made


@cache
def quick_hash(secret: str) -> str:
    """Of a PIN or password that guards nothing: a real one costs a quarter of a second, each time it is looked at."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(secret)


def consent(session: Session, who: Person, now: datetime) -> None:
    people.give_consent(session, who.id, people.SPREADSHEET, now)


def opted_out(session: Session, who: Person, now: datetime) -> None:
    """Somebody who wants no texts."""
    opt_outs.opt_out(session, who.numbers[0].number_hash, who.id, opt_outs.BY_TEXT, now)


def agreed_contact(session: Session, of: Person, now: datetime, **given: Any) -> AgreedContact:
    """Somebody whom the person agreed to be asked."""
    serial = next(serials)
    given = {
        "name": f"Friend {serial}",
        "number": number(serial),
        "position": serial,
        "agreed_how": "In a talk",
    } | given
    hashed = lookup_hash(lookup_key(session), str(given["number"]))
    made = AgreedContact(person_id=of.id, number_hash=hashed, agreed_at=now, **given)
    session.add(made)
    session.flush()
    return made
