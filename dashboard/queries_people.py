"""Who is in the line's books. Names are encrypted, so they are put in order here; the rest is read for one page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from dashboard import queries_plans
from phoneline.crypto import folded, lookup_hash, vault
from phoneline.db import lookup_key
from phoneline.models import Contact, Person, PersonRole, PhoneNumber
from phoneline.states import ContactKind, Role

PAGE = 40
MOST_KEPT = 50_000

Volunteer = aliased(Person)


@dataclass(frozen=True)
class LastContact:
    """When somebody was last in touch with us, or we with them, and how."""

    at: datetime
    kind: ContactKind
    volunteer: str | None


@dataclass(frozen=True)
class PersonRow:
    id: str
    name: str
    alias: str | None
    roles: Sequence[Role]
    language: str | None
    next_checkin: datetime | None
    last: LastContact | None


def named(session: Session, role: Role | None, search: str) -> Sequence[tuple[str, str]]:
    """Id and name of everybody with this role whose name or alias has `search` in it, by name."""
    columns = (Person.id, type_coerce(Person.name, Text), type_coerce(Person.alias, Text))
    which = select(*columns).where(Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    if role is not None:
        which = which.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role)))
    wanted = folded(search)
    rows: Iterable[Any] = session.execute(which)
    found = [(*_in_clear(token), person_id, alias) for person_id, token, alias in rows]
    return [
        (person_id, name)
        for key, name, person_id, alias in sorted(found, key=lambda one: one[:3])
        if wanted in key or (alias is not None and wanted in _in_clear(alias)[0])
    ]


def with_number(session: Session, role: Role | None, number: str) -> Sequence[tuple[str, str]]:
    """Id and name of everybody with this role who has exactly this number, by name."""
    number_hash = lookup_hash(lookup_key(session), number)
    which = select(Person.id, Person.name).where(
        Person.id.in_(select(PhoneNumber.person_id).where(PhoneNumber.number_hash == number_hash))
    )
    if role is not None:
        which = which.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role)))
    rows: Iterable[Any] = session.execute(which)
    return sorted(((person_id, name) for person_id, name in rows), key=lambda one: (folded(one[1]), one))


def by_name(session: Session, ids: Select[str]) -> Sequence[tuple[str, str]]:
    """Id and name of these people, by name."""
    rows: Iterable[Any] = session.execute(select(Person.id, type_coerce(Person.name, Text)).where(Person.id.in_(ids)))
    found = sorted((*_in_clear(token), person_id) for person_id, token in rows)
    return [(person_id, name) for _, name, person_id in found]


def names(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """The names of these people by id."""
    rows: Iterable[Any] = session.execute(select(Person.id, type_coerce(Person.name, Text)).where(Person.id.in_(ids)))
    return {person_id: _in_clear(token)[1] for person_id, token in rows}


@lru_cache(maxsize=MOST_KEPT)
def _in_clear(token: str) -> tuple[str, str]:
    """A name as it is compared, and as it is. Kept by its cipher text: opening thousands takes half a second."""
    name = vault().decrypt(token)
    return folded(name), name


def rows(
    session: Session, people: Sequence[tuple[str, str]], line_zone: ZoneInfo, now: datetime
) -> Sequence[PersonRow]:
    """What a page says of these people, in their order and in a fixed number of queries."""
    ids = [person_id for person_id, _ in people]
    columns = select(Person.id, Person.language, Person.alias).where(Person.id.in_(ids))
    known = {person_id: (language, alias) for person_id, language, alias in session.execute(columns)}
    roles, last = roles_of(session, ids), last_contacts(session, ids)
    coming = next_checkins(session, ids, line_zone, now)
    return [
        PersonRow(one, name, known[one][1], roles.get(one, ()), known[one][0], coming.get(one), last.get(one))
        for one, name in people
        if one in known
    ]


def roles_of(session: Session, ids: Collection[str]) -> Mapping[str, Sequence[Role]]:
    held = session.execute(select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(ids)))
    found: dict[str, set[Role]] = {}
    for person_id, role in held:
        found.setdefault(person_id, set()).add(role)
    return {person_id: [role for role in Role if role in theirs] for person_id, theirs in found.items()}


def next_checkins(session: Session, ids: Collection[str], line_zone: ZoneInfo, now: datetime) -> Mapping[str, datetime]:
    """When the next call to each is due, by any of their plans."""
    found = queries_plans.of_people(session, ids, line_zone, now)
    coming = {one: [plan.next_at for plan in theirs if plan.next_at] for one, theirs in found.items()}
    return {one: min(theirs) for one, theirs in coming.items() if theirs}


def last_contacts(session: Session, ids: Collection[str]) -> Mapping[str, LastContact]:
    newest = (
        select(Contact.person_id, func.max(Contact.at).label("at"))
        .where(Contact.person_id.in_(ids))
        .group_by(Contact.person_id)
        .subquery()
    )
    found: Iterable[Any] = session.execute(
        select(Contact.person_id, Contact.at, Contact.kind, Volunteer.name)
        .join(newest, (newest.c.person_id == Contact.person_id) & (newest.c.at == Contact.at))
        .join(Volunteer, Volunteer.id == Contact.volunteer_id, isouter=True)
        .order_by(Contact.id)
    )
    return {person_id: LastContact(*rest) for person_id, *rest in found}


def how_many(session: Session) -> Mapping[Role, int]:
    return _by_id(session, select(PersonRole.role, func.count()).group_by(PersonRole.role))


def _by_id(session: Session, pairs: Executable) -> dict[Any, Any]:
    found: Iterable[Any] = session.execute(pairs)
    return dict(iter(found))
