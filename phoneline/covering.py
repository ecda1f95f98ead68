"""Cover as the rows have it: who is on and may be rung, how many are needed, and where people are missing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from phoneline import cover, cover_needs
from phoneline.closed import calendar
from phoneline.cover import HOLIDAY, Gap, On, Resting, Stretch
from phoneline.live_settings import LiveSettings
from phoneline.models import Holiday, Pause, Person, PersonRole, ShiftHours
from phoneline.states import Role

_Begun = aliased(ShiftHours)


def gaps(session: Session, live: LiveSettings, since: datetime, until: datetime) -> Sequence[Gap]:
    """Where people are missing in [since, until), in order: the one truth of pages, digests and warnings."""
    if since >= until:
        return []
    return cover.gaps(stretches(session, live, since, until))


def stretches(session: Session, live: LiveSettings, since: datetime, until: datetime) -> Sequence[Stretch]:
    """All of [since, until) in order: how many are on, and how many are needed."""
    open_at, needs = calendar(live), cover_needs.all_standing(session)
    days = holidays(session) if any(HOLIDAY in need.days for need in needs) else ()
    needed = cover.wanted(needs, open_at, days, since, until)
    return cover.cover(on(session, since, until), needed, open_at.openings(since, until), since, until)


def holidays(session: Session) -> Collection[date]:
    """The days that go by the needs of holidays."""
    return frozenset(session.scalars(select(Holiday.day)))


def on(session: Session, since: datetime, until: datetime) -> Sequence[On]:
    """Everybody's hours in [since, until) in which they may be rung: without shadows, pauses and who isn't ready."""
    found: Iterable[Any] = session.execute(
        select(ShiftHours.person_id, ShiftHours.tier, ShiftHours.starts_at, ShiftHours.ends_at)
        .join(Person, Person.id == ShiftHours.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(ShiftHours.ends_at > since, ShiftHours.starts_at < until)
        .where(~ShiftHours.shadow, Person.ready, PersonRole.role == Role.VOLUNTEER)
    )
    return cover.without([On(*row) for row in found], _resting(session, since, until))


def _resting(session: Session, since: datetime, until: datetime) -> Sequence[Resting]:
    """The pauses of that time, as `pauses.holds` has them: without an end of its own, to the next shift's beginning."""
    next_shift = select(func.min(_Begun.starts_at)).where(
        _Begun.person_id == Pause.person_id, _Begun.starts_at > Pause.since
    )
    found = session.execute(
        select(Pause.person_id, Pause.since, func.coalesce(Pause.until, next_shift.scalar_subquery()), Pause.ended_at)
        .where(Pause.since < until, or_(Pause.ended_at.is_(None), Pause.ended_at > since))
        .where(or_(Pause.until.is_(None), Pause.until > since))
    )
    return [
        Resting(person_id, begins, min(filter(None, (ends, ended_at)), default=None))
        for person_id, begins, ends, ended_at in found
    ]
