"""Whom nobody has heard from for long, and who has missed several check-ins in a row: longest silent first.

Each of the questions is answered from an index, whatever the number of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, tuple_, union, update
from sqlalchemy.orm import Session

from phoneline.db import changed
from phoneline.live_settings import LiveSettings
from phoneline.models import MISSED_SEVERAL, Person, PersonRole
from phoneline.states import Role

MOST_DAYS = 3650


@dataclass(frozen=True)
class Place:
    """Where somebody stands on the list."""

    at: datetime
    """When they were last heard of."""
    person_id: str


def page(session: Session, live: LiveSettings, now: datetime, after: Place | None, most: int) -> Sequence[Place]:
    """The first so many, or those after a place."""
    branches = [_first(which, after, most).subquery() for which in (*_silent(session, live, now), MISSED_SEVERAL)]
    both = union(*(select(one.c.last_heard_at, one.c.id) for one in branches)).subquery()
    found = session.execute(select(both).order_by(both.c.last_heard_at, both.c.id).limit(most))
    return [Place(at, person_id) for at, person_id in found]


def count(session: Session, live: LiveSettings, now: datetime, most: int) -> int:
    """How many there are, counted up to `most`."""
    return len(page(session, live, now, None, most))


def _silent(session: Session, live: LiveSettings, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Not heard of for the line's number of days, or, for those who have one, for their own."""
    own = session.scalars(
        select(Person.not_heard_days).where(Person.not_heard_days.is_not(None)).group_by(Person.not_heard_days)
    ).all()
    kept = [days for days in own if days is not None]
    return [
        Person.not_heard_days.is_(None) & (Person.last_heard_at < now - timedelta(days=live.not_heard_days)),
        *((Person.not_heard_days == days) & (Person.last_heard_at < now - timedelta(days=days)) for days in kept),
    ]


def _first(which: ColumnElement[bool], after: Place | None, most: int) -> Select[datetime, str]:
    is_peer = select(PersonRole.person_id).where(PersonRole.person_id == Person.id, PersonRole.role == Role.PEER)
    rows = select(Person.last_heard_at, Person.id).where(which, is_peer.exists())
    if after is not None:
        rows = rows.where(tuple_(Person.last_heard_at, Person.id) > tuple_(after.at, after.person_id))
    return rows.order_by(Person.last_heard_at, Person.id).limit(most)


def set_own_days(session: Session, person_id: str, days: int | None) -> bool:
    """After how many days without a word they are on the list; None: after the line's. False if there is nobody."""
    theirs = update(Person).where(Person.id == person_id).values(not_heard_days=days)
    return changed(session, theirs.execution_options(synchronize_session=False)) == 1
