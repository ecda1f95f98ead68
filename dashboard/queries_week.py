"""How the check-ins of some days went, counted in one query over their due times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select, text
from sqlalchemy.orm import Session

from phoneline.elapsed import Seconds
from phoneline.models import Attempt, Checkin, CheckinPlan, Contact
from phoneline.states import CheckinState, ContactKind, PlanKind, SettledBy

HEARD = (CheckinState.OK, CheckinState.TALKED)
COUNTED = (*HEARD, CheckinState.UNREACHED, CheckinState.EXPIRED)
"""Those that were to be made and are over: without what was skipped, or stopped by the peer."""


@dataclass(frozen=True)
class Alike:
    """So many check-ins that went alike."""

    in_time: bool
    """Heard from within the grace of the due time."""
    tries: int
    """How many attempts there were, where an attempt reached them; else 0."""
    minutes_late: int | None
    """From the due time to the first attempt; None without one."""
    by_usual: bool | None
    """Whether the plan's own volunteer talked with them; None where no volunteer did, or the plan has none."""
    count: int


def tally(session: Session, since: datetime, until: datetime, grace_seconds: int) -> Sequence[Alike]:
    found: Iterable[Any] = session.execute(statement(since, until, grace_seconds))
    return [Alike(*row) for row in found]


def statement(since: datetime, until: datetime, grace_seconds: int) -> Select[Any]:
    heard = Checkin.state.in_(HEARD)
    in_time = heard & (Seconds(Checkin.due_at, Checkin.settled_at) <= grace_seconds)
    by_an_attempt = Checkin.settled_by.in_((SettledBy.KEYPAD, SettledBy.VOLUNTEER))
    tries = case((by_an_attempt, Checkin.attempts_used + 1), else_=0)
    return (
        select(
            case((in_time, True), else_=False),
            tries,
            _minutes_late(),
            _by_usual(),
            func.count(),
        )
        .where(Checkin.due_at >= since, Checkin.due_at < until, Checkin.state.in_(COUNTED))
        .group_by(*(text(place) for place in "1234"))
    )


def _minutes_late() -> ColumnElement[int | None]:
    first = select(func.min(Attempt.at)).where(Attempt.checkin_id == Checkin.id).scalar_subquery()
    return cast(Seconds(Checkin.due_at, first) / 60, Integer)


def _by_usual() -> ColumnElement[bool | None]:
    talked = select(Contact.volunteer_id).where(Contact.checkin_id == Checkin.id, Contact.kind == ContactKind.CHECKIN)
    usual = select(CheckinPlan.volunteer_id).where(CheckinPlan.id == Checkin.plan_id)
    made = (Checkin.kind == PlanKind.VOLUNTEER) & (Checkin.settled_by == SettledBy.VOLUNTEER)
    return case((made, talked.scalar_subquery() == usual.scalar_subquery()))
