"""Who is the coordinator on duty."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import Person, PersonRole, ShiftHours
from phoneline.states import Role


def coordinators_on_duty(session: Session, now: datetime) -> Sequence[str]:
    """The coordinators on shift at `now`, in the order in which they are asked: tier by tier."""
    found = session.scalars(
        select(ShiftHours.person_id)
        .join(PersonRole, PersonRole.person_id == ShiftHours.person_id)
        .where(ShiftHours.starts_at <= now, ShiftHours.ends_at > now, PersonRole.role == Role.COORDINATOR)
        .order_by(ShiftHours.tier, ShiftHours.starts_at, ShiftHours.person_id)
    )
    return list(dict.fromkeys(found))


def to_alarm(session: Session, now: datetime) -> Sequence[str]:
    """Whom an alarm is told, in order: who is on duty, or, when nobody is, every coordinator, longest known first."""
    return coordinators_on_duty(session, now) or list(
        session.scalars(
            select(PersonRole.person_id)
            .join(Person, Person.id == PersonRole.person_id)
            .where(PersonRole.role == Role.COORDINATOR)
            .order_by(Person.created_at, Person.id)
        )
    )
