"""Who is kept apart from whom, with names for ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from dashboard.own_record import not_own
from dashboard.queries_limits import ENDED_SHOWN
from phoneline import matching
from phoneline.models import Account, Apart, ApartDecision, Person, PersonRole
from phoneline.states import Role

MOST_PAIRS = 200

One, Other = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Decided:
    """A decision made on a page, with names for its ids."""

    id: str
    person: str
    other: str
    strict: bool
    reason: str
    created_at: datetime
    email: str | None
    lifted_at: datetime | None
    both_volunteer: bool


@dataclass(frozen=True)
class Said:
    """A pair of the people spreadsheet."""

    person: str
    other: str
    strict: bool
    both_volunteer: bool


def _both_volunteer() -> ColumnElement[bool]:
    """Whether both have shifts, so that it is about those too."""
    volunteers = select(PersonRole.person_id).where(PersonRole.role == Role.VOLUNTEER)
    return and_(One.id.in_(volunteers), Other.id.in_(volunteers))


def decided(session: Session, now: datetime) -> Sequence[Decided]:
    """Those that hold, and those that were lifted of late; what holds first, then the newest."""
    lately = or_(ApartDecision.lifted_at.is_(None), ApartDecision.lifted_at > now - ENDED_SHOWN)
    found: Iterable[Any] = session.execute(
        select(
            ApartDecision.id,
            One.name,
            Other.name,
            ApartDecision.strict,
            ApartDecision.reason,
            ApartDecision.created_at,
            Account.email,
            ApartDecision.lifted_at,
            _both_volunteer(),
        )
        .join(One, One.id == ApartDecision.person_id)
        .join(Other, Other.id == ApartDecision.other_id)
        .join(Account, Account.id == ApartDecision.decided_by, isouter=True)
        .where(lately, not_own(ApartDecision.person_id), not_own(ApartDecision.other_id))
        .order_by(ApartDecision.lifted_at.is_not(None), ApartDecision.created_at.desc(), ApartDecision.id)
        .limit(MOST_PAIRS)
    )
    return [Decided(*row) for row in found]


def said(session: Session) -> Sequence[Said]:
    """Those of the people spreadsheet, by name."""
    found: Iterable[Any] = session.execute(
        select(One.name, Other.name, Apart.strict, _both_volunteer())
        .join(One, One.id == Apart.person_id)
        .join(Other, Other.id == Apart.other_id)
        .where(not_own(Apart.person_id), not_own(Apart.other_id))
        .order_by(Apart.person_id, Apart.other_id)
        .limit(MOST_PAIRS)
    )
    return sorted((Said(*row) for row in found), key=lambda pair: (pair.person.casefold(), pair.other.casefold()))


def names(session: Session, person_id: str | None) -> Sequence[str]:
    """The names of those with whom this person is never put through."""
    ids = matching.apart_from(session, person_id)
    return sorted(session.scalars(select(Person.name).where(Person.id.in_(ids), not_own(Person.id)))) if ids else []
