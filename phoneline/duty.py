"""Who is the coordinator on duty: a roster of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import DutyHours, Person, PersonRole, ShiftHours
from phoneline.states import Role


def coordinators_on_duty(session: Session, now: datetime) -> Sequence[str]:
    """Who has duty at `now`, in the order in which they are asked: tier by tier.

    Where nobody has, the coordinators who are on shift for callers.
    """
    return _on(session, DutyHours, now) or _on(session, ShiftHours, now)


def _on(session: Session, hours: type[DutyHours] | type[ShiftHours], now: datetime) -> Sequence[str]:
    found = session.scalars(
        select(PersonRole.person_id)
        .join(hours, hours.person_id == PersonRole.person_id)
        .where(hours.starts_at <= now, hours.ends_at > now, PersonRole.role == Role.COORDINATOR)
        .order_by(hours.tier, hours.starts_at, hours.person_id)
    )
    return list(dict.fromkeys(found))


def to_alarm(session: Session, now: datetime, about: str | None = None) -> Sequence[str]:
    """Whom an alarm is told, in order: who is on duty, or, when nobody is, every coordinator, longest known first.

    Never the one whom it is `about`: nobody looks after themselves.
    """
    on_duty = [one for one in coordinators_on_duty(session, now) if one != about]
    return on_duty or [one for one in _all(session) if one != about]


def _all(session: Session) -> Sequence[str]:
    return list(
        session.scalars(
            select(PersonRole.person_id)
            .join(Person, Person.id == PersonRole.person_id)
            .where(PersonRole.role == Role.COORDINATOR)
            .order_by(Person.created_at, Person.id)
        )
    )
