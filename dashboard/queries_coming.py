"""Who is to be called on the days ahead: what is laid out, and beyond that what the plans say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dashboard.own_record import is_own, not_own
from phoneline import checkin_layout
from phoneline.models import CHECKIN_WAITS, PLAN_STANDS, Checkin, CheckinPlan, Person
from phoneline.people import zone_of

MOST_PLANS = 300
"""Of more than so many, working out the days ahead would take too long for a page."""


@dataclass(frozen=True)
class Planned:
    """Somebody who is to be called."""

    due_at: datetime
    person: str


def laid_out(session: Session, since: datetime, until: datetime) -> Sequence[Planned]:
    found: Iterable[Any] = session.execute(
        select(Checkin.due_at, Person.name)
        .join(Person, Person.id == Checkin.person_id)
        .where(CHECKIN_WAITS, Checkin.due_at >= since, Checkin.due_at < until, not_own(Checkin.person_id))
        .order_by(Checkin.due_at)
        .limit(MOST_PLANS)
    )
    return [Planned(*row) for row in found]


def beyond(session: Session, since: datetime, until: datetime, line_zone: ZoneInfo) -> Sequence[Planned] | None:
    """What isn't laid out yet, without pauses; None if there are too many plans to say."""
    standing = select(CheckinPlan).where(PLAN_STANDS).options(joinedload(CheckinPlan.person)).limit(MOST_PLANS + 1)
    plans = session.scalars(standing).all()
    if len(plans) > MOST_PLANS:
        return None
    found = []
    for plan in plans:
        if is_own(plan.person_id):
            continue
        due = checkin_layout.due_of(plan, zone_of(plan.person, line_zone), max(since, plan.laid_out_until), until)
        found += [Planned(at, plan.person.name) for at in due if not checkin_layout.is_paused(plan, at)]
    return found
