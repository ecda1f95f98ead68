"""One volunteer, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard import queries_apart, queries_now
from dashboard.queries_now import Busy, Paused
from dashboard.shifts import Span
from phoneline import missed_shifts, rosters
from phoneline.models import Person, PersonRole
from phoneline.states import Role

RUNG_SINCE = timedelta(weeks=4)


@dataclass(frozen=True)
class Volunteer:
    id: str
    name: str
    ready: bool
    language: str | None
    speaks: Sequence[str]
    skills: Sequence[str]
    apart_from: Sequence[str]
    """The names of those with whom they are never put through."""
    spans: Sequence[Span]
    busy: Sequence[Busy]
    paused: Paused | None
    missed: int
    rung: int
    """Of the calls that rang in the last four weeks so many were missed."""
    may_be_rung: bool
    """On shift, and not left out because of a pause."""


def is_volunteer(session: Session, person_id: str) -> bool:
    found = select(PersonRole.person_id).where(PersonRole.person_id == person_id, PersonRole.role == Role.VOLUNTEER)
    return session.scalars(found).first() is not None


def volunteer(session: Session, person_id: str, now: datetime) -> Volunteer | None:
    """With their hours of the coming days; None if nobody, or no volunteer, has this id."""
    person = session.get(Person, person_id)
    if person is None or not person.has(Role.VOLUNTEER):
        return None
    missed, rung = missed_shifts.share(session, person_id, now - RUNG_SINCE, now)
    return Volunteer(
        missed=missed,
        rung=rung,
        id=person.id,
        name=person.name,
        ready=person.ready,
        language=person.language,
        speaks=tuple(person.speaks),
        skills=tuple(person.skills),
        apart_from=queries_apart.names(session, person_id),
        spans=[span for span in queries_now.spans_ahead(session, now) if span.person_id == person_id],
        busy=[one for one in queries_now.busy(session) if one.person_id == person_id],
        paused=queries_now.paused(session, now).get(person_id),
        may_be_rung=any(one.person_id == person_id for one in rosters.on_shift(session, now)),
    )
