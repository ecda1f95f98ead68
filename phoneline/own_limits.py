"""What a volunteer can do at most, when they can't, and whether they may be rung: written down and taken back.

Hours that they have already stay, whatever is written down later; nobody gives them others that break it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from phoneline.db import changed
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, PersonRole, Unavailable, WorkLimit
from phoneline.recurrence import wall
from phoneline.states import Role
from phoneline.work_limits import Limits

MOST_TIMES = 50
"""So many times when somebody can't, that aren't over."""
LONGEST = timedelta(days=366)


class Readiness(StrEnum):
    """How far somebody's training is."""

    READY = "ready"
    SHADOWING = "shadowing"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Away:
    """A time when they can't, in the line's wall-clock time: [starts_local, ends_local), perhaps again and again."""

    starts_local: datetime
    ends_local: datetime
    rrule: str = ""
    words: str | None = None


def is_volunteer(session: Session, person_id: str) -> bool:
    found = select(PersonRole.person_id).filter_by(person_id=person_id, role=Role.VOLUNTEER)
    return session.scalars(found).first() is not None


def agree(session: Session, person_id: str, limits: Limits) -> None:
    """From now on these hold for them. LookupError if they are no volunteer."""
    _hold(session, person_id)
    session.merge(
        WorkLimit(
            person_id=person_id,
            hours_a_week=limits.hours_a_week,
            shifts_a_week=limits.shifts_a_week,
            rest_hours=limits.rest_hours,
            days_off="".join(str(day) for day in sorted(limits.days_off)),
        )
    )
    session.flush()


def cannot(session: Session, person_id: str, away: Away) -> bool:
    """They can't then. False if so many times stand there that it must be a mistake. LookupError as above."""
    _hold(session, person_id)
    stand = select(func.count()).select_from(Unavailable).filter_by(person_id=person_id)
    if (session.scalar(stand) or 0) >= MOST_TIMES:
        return False
    session.add(
        Unavailable(
            person_id=person_id,
            starts_local=away.starts_local,
            ends_local=away.ends_local,
            rrule=away.rrule,
            words=away.words,
        )
    )
    session.flush()
    return True


def can_after_all(session: Session, person_id: str, away_id: str) -> bool:
    """Take such a time off again. False if it isn't there, or is somebody else's."""
    theirs = delete(Unavailable).where(Unavailable.id == away_id, Unavailable.person_id == person_id)
    return changed(session, theirs) == 1


def times(session: Session, person_id: str, live: LiveSettings, now: datetime) -> Sequence[Unavailable]:
    """When they can't, without what is over, in order."""
    today = wall(now, live.home.zone)
    found = session.scalars(
        select(Unavailable)
        .filter_by(person_id=person_id)
        .where((Unavailable.rrule != "") | (Unavailable.ends_local > today))
        .order_by(Unavailable.starts_local, Unavailable.id)
    )
    return found.all()


def train(session: Session, person_id: str, readiness: Readiness) -> None:
    """They may be rung, or learn by sitting in, or neither yet. LookupError if they are no volunteer."""
    _hold(session, person_id)
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(ready=readiness is Readiness.READY, shadowing=readiness is Readiness.SHADOWING)
    )


def readiness(person: Person) -> Readiness:
    if person.ready:
        return Readiness.READY
    return Readiness.SHADOWING if person.shadowing else Readiness.NOT_YET


def _hold(session: Session, person_id: str) -> None:
    """Nobody gives them hours meanwhile."""
    if not is_volunteer(session, person_id):
        raise LookupError
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
