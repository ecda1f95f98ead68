"""Why somebody can't be given hours. Each way in which hours change hands asks here."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from phoneline import matching, shift_states
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, PersonRole, ShiftHours, Unavailable, WorkLimit
from phoneline.recurrence import spans
from phoneline.roster_states import Refusal
from phoneline.shift_states import Standing
from phoneline.states import Role
from phoneline.work_limits import Limits, Span

AROUND = timedelta(days=11)
"""A week that is touched and the longest rest beyond it."""


def refusal(  # noqa: PLR0913 - each of them decides
    session: Session,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    live: LiveSettings,
    now: datetime,
    but_for: Collection[str] = (),
    *,
    shadow: bool = False,
) -> Refusal | None:
    """Why this volunteer can't be on in [starts_at, ends_at); None if they can. Hold the person's row.

    `but_for`: ids of hours that don't count, since they change hands in the same act. `shadow`: to sit in.
    """
    wished = (starts_at, ends_at)
    who = standing(session, person.id, wished, live)
    return shift_states.why_not(who, wished, live.home.zone, now, but_for, shadow=shadow)


def standing(session: Session, person_id: str, around: Span, live: LiveSettings) -> Standing:
    """What decides about any hours within `around`, in a fixed number of statements."""
    ready, shadowing, volunteers, limit = session.execute(
        select(Person.ready, Person.shadowing, PersonRole.role.is_not(None), WorkLimit)
        .join(PersonRole, and_(PersonRole.person_id == Person.id, PersonRole.role == Role.VOLUNTEER), isouter=True)
        .join(WorkLimit, WorkLimit.person_id == Person.id, isouter=True)
        .where(Person.id == person_id)
        .execution_options(populate_existing=True)
    ).one()
    wider = (around[0] - AROUND, around[1] + AROUND)
    learns = volunteers and shadowing and not ready
    return Standing(
        person_id=person_id,
        ready=ready and volunteers,
        shadowing=learns,
        limits=of_row(limit),
        held=_held(session, _meeting(wider).where(ShiftHours.person_id == person_id)),
        away=away(session, person_id, around, live),
        apart=_apart(session, person_id, around),
        guided=_guided(session, person_id, around) if learns else (),
    )


def of_row(limit: WorkLimit | None) -> Limits:
    if limit is None:
        return Limits()
    days_off = frozenset(int(day) for day in limit.days_off)
    return Limits(limit.hours_a_week, limit.shifts_a_week, limit.rest_hours, days_off)


def away(session: Session, person_id: str, around: Span, live: LiveSettings) -> Sequence[Span]:
    """The times within `around` at which they said that they can't."""
    said = session.scalars(select(Unavailable).where(Unavailable.person_id == person_id))
    return [
        span for one in said for span in spans(one.starts_local, one.ends_local, one.rrule, live.home.zone, *around)
    ]


def _meeting(around: Span) -> Select[str, datetime, datetime]:
    """Hours that share a moment with `around`; what is off lasts for none."""
    return select(ShiftHours.id, ShiftHours.starts_at, ShiftHours.ends_at).where(
        ShiftHours.starts_at < around[1],
        ShiftHours.ends_at > around[0],
        ShiftHours.ends_at > ShiftHours.starts_at,
    )


def _held(session: Session, found: Select[str, datetime, datetime]) -> Mapping[str, Span]:
    return {hours_id: (starts_at, ends_at) for hours_id, starts_at, ends_at in session.execute(found)}


def _apart(session: Session, person_id: str, around: Span) -> Mapping[str, Span]:
    others = matching.apart_from(session, person_id)
    return _held(session, _meeting(around).where(ShiftHours.person_id.in_(others))) if others else {}


def _guided(session: Session, person_id: str, around: Span) -> Sequence[Span]:
    trained = (
        _meeting(around)
        .join(Person, Person.id == ShiftHours.person_id)
        .where(Person.ready, ~ShiftHours.shadow, Person.id != person_id)
    )
    return list(_held(session, trained).values())
