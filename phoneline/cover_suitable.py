"""Who may take somebody's hours, fairest first: whoever has the fewest hours in the four weeks around them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from phoneline import pauses
from phoneline.elapsed import Seconds
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, PersonRole, ShiftHours
from phoneline.shift_refusals import refusal
from phoneline.states import Role

AROUND = timedelta(days=14)


def suitable(session: Session, hours: ShiftHours, live: LiveSettings, now: datetime) -> Sequence[Person]:
    """Volunteers who may have these hours and aren't paused, in the order in which it is fair to ask them."""
    paused = pauses.all_current(session, now)
    return [
        person
        for person in _fairest_first(session, hours)
        if person.id not in paused
        and refusal(session, person, hours.starts_at, hours.ends_at, live, now, {hours.id}) is None
    ]


def _fairest_first(session: Session, hours: ShiftHours) -> Sequence[Person]:
    theirs = and_(
        ShiftHours.person_id == Person.id,
        ShiftHours.starts_at < hours.starts_at + AROUND,
        ShiftHours.ends_at > hours.starts_at - AROUND,
    )
    load = func.coalesce(func.sum(Seconds(ShiftHours.starts_at, ShiftHours.ends_at)), 0)
    found = (
        select(Person)
        .join(PersonRole, and_(PersonRole.person_id == Person.id, PersonRole.role == Role.VOLUNTEER))
        .join(ShiftHours, theirs, isouter=True)
        .where(Person.ready, Person.id != hours.person_id)
        .group_by(Person.id)
        .order_by(load, Person.id)
    )
    return session.scalars(found).all()
