"""One person, in a fixed number of queries. Their numbers aren't read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboard import queries_people
from dashboard.queries_log import COLUMNS, ContactRow, with_what_it_was
from phoneline.models import Contact, Person, PhoneNumber
from phoneline.states import Role

MOST_CONTACTS = 10


@dataclass(frozen=True)
class Known:
    """What the line knows of a person."""

    id: str
    name: str
    roles: Sequence[Role]
    language: str | None
    timezone: str | None
    numbers: int
    """How many."""
    voicemail_ok: bool
    not_heard_days: int | None
    contacts: Sequence[ContactRow]
    """The newest, at most one more than a page shows."""


def exists(session: Session, person_id: str) -> bool:
    return (
        session.scalars(select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None))).first() is not None
    )


def known(session: Session, person_id: str) -> Known | None:
    """None if nobody has this id."""
    columns = select(
        Person.id, Person.name, Person.language, Person.timezone, Person.not_heard_days, Person.voicemail_ok
    )
    person = session.execute(columns.where(Person.id == person_id, Person.erased_at.is_(None))).one_or_none()
    if person is None:
        return None
    return Known(
        id=person.id,
        name=person.name,
        roles=queries_people.roles_of(session, [person.id]).get(person.id, ()),
        language=person.language,
        timezone=person.timezone,
        numbers=session.scalar(select(func.count()).select_from(PhoneNumber).filter_by(person_id=person.id)) or 0,
        voicemail_ok=person.voicemail_ok,
        not_heard_days=person.not_heard_days,
        contacts=contacts(session, person.id),
    )


def contacts(session: Session, person_id: str) -> Sequence[ContactRow]:
    newest = (
        select(Contact.id)
        .where(Contact.person_id == person_id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(MOST_CONTACTS + 1)
        .subquery()
    )
    found: Iterable[Any] = session.execute(
        with_what_it_was(select(*COLUMNS))
        .join(newest, newest.c.id == Contact.id)
        .order_by(Contact.at.desc(), Contact.id.desc())
    )
    return [ContactRow(*row) for row in found]
