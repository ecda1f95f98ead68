"""What the pages about people's rights read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from phoneline.models import Account, Person, RightsRequest, Voicemail
from phoneline.rights_states import AskedHow, HeldUp, RightsKind

MOST = 50


@dataclass(frozen=True)
class RequestRow:
    """What somebody asked for, and how far it has come."""

    id: str
    kind: RightsKind
    person_id: str | None
    name: str | None
    """Until they are erased."""
    asked_how: AskedHow
    reason: str
    email: str | None
    at: datetime
    due_at: datetime | None
    undone_at: datetime | None
    done_at: datetime | None
    held_up: HeldUp | None
    looking: bool
    """Older calls are still looked through."""
    at_carrier: int


def name_of(session: Session, person_id: str) -> str | None:
    """None if nobody has this id, or they were erased."""
    return session.scalar(select(Person.name).where(Person.id == person_id, Person.erased_at.is_(None)))


def of_person(session: Session, person_id: str) -> Sequence[RequestRow]:
    """The newest first."""
    return _rows(session, RightsRequest.person_id == person_id)


def newest(session: Session) -> Sequence[RequestRow]:
    return _rows(session, RightsRequest.id.is_not(None))


def person_of(session: Session, request_id: str) -> str | None:
    return session.scalar(select(RightsRequest.person_id).where(RightsRequest.id == request_id))


def _rows(session: Session, which: ColumnElement[bool]) -> Sequence[RequestRow]:
    left = select(func.count()).where(Voicemail.erasure_id == RightsRequest.id, Voicemail.next_try_at.is_not(None))
    one = RightsRequest
    columns = (one.id, one.kind, one.person_id, Person.name, one.asked_how, one.reason, Account.email)
    times = (one.at, one.due_at, one.undone_at, one.done_at, one.held_up)
    found: Iterable[Any] = session.execute(
        select(*columns, *times, one.seek.is_not(None), left.scalar_subquery())
        .select_from(one)
        .join(Person, (Person.id == one.person_id) & Person.erased_at.is_(None), isouter=True)
        .join(Account, Account.id == one.account_id, isouter=True)
        .where(which)
        .order_by(one.at.desc(), one.id)
        .limit(MOST)
    )
    return [RequestRow(*row) for row in found]
