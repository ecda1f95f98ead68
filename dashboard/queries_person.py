"""One person, in a fixed number of queries. Of their numbers only the last digits leave this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dashboard import queries_people, queries_timeline
from phoneline import merging, person_changes
from phoneline.models import Checkin, Person, PhoneNumber
from phoneline.person_states import PersonAct
from phoneline.states import CheckinState, Role

LAST_DIGITS = 2


@dataclass(frozen=True)
class Masked:
    """A number without most of it."""

    id: str
    last_digits: str
    shared: bool
    """Somebody else has it too, so it tells nobody who calls."""
    tells_nobody: bool
    """Others use the telephone too."""


@dataclass(frozen=True)
class LastChange:
    """What would be taken back."""

    id: str
    act: PersonAct
    at: datetime
    fields: Sequence[str]


@dataclass(frozen=True)
class LastMerge:
    """Another record that was made one with this."""

    id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Known:
    """What the line knows of a person."""

    id: str
    name: str
    alias: str | None
    roles: Sequence[Role]
    language: str | None
    speaks: Sequence[str]
    timezone: str | None
    skills: Sequence[str]
    prefers: Sequence[str]
    masked: Sequence[Masked]
    voicemail_ok: bool
    not_heard_days: int | None
    last_contact_id: str | None
    callable_checkin_id: str | None
    """The check-in of today that one press on the day sheet would begin."""
    last_change: LastChange | None
    last_merge: LastMerge | None

    @property
    def numbers(self) -> int:
        """How many."""
        return len(self.masked)


def exists(session: Session, person_id: str) -> bool:
    there = (Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    return session.scalars(select(Person.id).where(Person.id == person_id, *there)).first() is not None


def merged_into(session: Session, person_id: str) -> str | None:
    """The record with which this one was made one."""
    return session.scalars(select(Person.merged_into_id).where(Person.id == person_id)).one_or_none()


def last_merge(session: Session, person_id: str) -> LastMerge | None:
    found = merging.last(session, person_id)
    return LastMerge(found.id, session.get_one(Person, found.gone_id).name, found.at) if found else None


def known(session: Session, person_id: str, now: datetime) -> Known | None:
    """None if nobody has this id."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return None
    return Known(
        id=person.id,
        name=person.name,
        alias=person.alias,
        roles=queries_people.roles_of(session, [person.id]).get(person.id, ()),
        language=person.language,
        speaks=person.speaks,
        timezone=person.timezone,
        skills=person.skills,
        prefers=person.prefers,
        masked=_masked(session, person),
        voicemail_ok=person.voicemail_ok,
        not_heard_days=person.not_heard_days,
        last_contact_id=queries_timeline.last_talk(session, person.id),
        callable_checkin_id=_callable(session, person.id, now),
        last_change=last_change(session, person.id),
        last_merge=last_merge(session, person.id),
    )


def _masked(session: Session, person: Person) -> Sequence[Masked]:
    other = aliased(PhoneNumber)
    hashes = [held.number_hash for held in person.numbers]
    shared = set(
        session.scalars(select(other.number_hash).where(other.number_hash.in_(hashes), other.person_id != person.id))
    )
    return [
        Masked(held.id, held.number[-LAST_DIGITS:], held.number_hash in shared, not held.identifies)
        for held in sorted(person.numbers, key=lambda one: one.position)
    ]


def _callable(session: Session, person_id: str, now: datetime) -> str | None:
    open_today = select(Checkin.id).where(
        Checkin.person_id == person_id,
        Checkin.state.in_((CheckinState.DUE, CheckinState.WAITING)),
        Checkin.day_from <= now,
        Checkin.day_until > now,
        Checkin.hands_off_at.is_(None),
    )
    return session.scalars(open_today.order_by(Checkin.due_at).limit(1)).first()


def last_change(session: Session, person_id: str) -> LastChange | None:
    found = person_changes.last(session, person_id)
    return LastChange(found.id, found.act, found.at, list(person_changes.became(found))) if found else None
