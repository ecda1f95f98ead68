"""What stands on the roster of some days, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, and_, func, select
from sqlalchemy.orm import Session

from dashboard import queries_people
from phoneline.models import RosterChange, Shift, ShiftHours
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft, draft_of
from phoneline.states import Role

LONGEST = timedelta(days=31)
"""No shift lasts longer, so hours that end later than this after some days begin after them."""


@dataclass(frozen=True)
class Hours:
    """Hours of a shift, whose they are, and what there is to say of them."""

    id: str
    shift_id: str | None
    occurs_local: datetime | None
    starts_at: datetime
    ends_at: datetime
    tier: int
    shadow: bool
    confirmed: bool
    rrule: str
    person_id: str | None
    name: str | None


def hours(session: Session, since: datetime, until: datetime) -> Sequence[Hours]:
    """Everybody's hours that have a part in [since, until), and open ones, in order."""
    found: Sequence[Any] = session.execute(statement(since, until)).all()
    names = queries_people.names(session, {row.person_id for row in found if row.person_id})
    return [Hours(*[*row, names.get(row.person_id)]) for row in found]


def statement(since: datetime, until: datetime) -> Executable:
    """One stretch of the index over the ends."""
    within = and_(ShiftHours.ends_at > since, ShiftHours.ends_at <= until + LONGEST, ShiftHours.starts_at < until)
    return (
        select(
            ShiftHours.id,
            ShiftHours.shift_id,
            ShiftHours.occurs_local,
            ShiftHours.starts_at,
            ShiftHours.ends_at,
            ShiftHours.tier,
            ShiftHours.shadow,
            ShiftHours.confirmed_at.is_not(None),
            func.coalesce(Shift.rrule, ""),
            ShiftHours.person_id,
        )
        .join(Shift, Shift.id == ShiftHours.shift_id, isouter=True)
        .where(within, ~ShiftHours.off)
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
    )


def team(session: Session) -> Sequence[tuple[str, str]]:
    """Id and name of every volunteer, by name."""
    return queries_people.named(session, Role.VOLUNTEER, "")


def name_of(session: Session, person_id: str | None) -> str | None:
    return queries_people.names(session, {person_id}).get(person_id) if person_id else None


@dataclass(frozen=True)
class Made:
    """A shift that was just put on the roster, to be told and undone."""

    change_id: str
    who: str | None
    draft: Draft


def made(session: Session, change_id: str) -> Made | None:
    """What this change made; None if that isn't so any more."""
    change = session.get(RosterChange, change_id) if change_id else None
    if change is None or change.act is not RosterAct.MADE or change.undone_at or not change.shift_id:
        return None
    shift = session.get_one(Shift, change.shift_id)
    return Made(change.id, name_of(session, shift.person_id), draft_of(shift))
