"""When a plan's next call is, also where it isn't laid out yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_layout, recurrence
from phoneline.models import CHECKIN_WAITS, Checkin, CheckinPlan
from phoneline.people import zone_of

_LOOKED_AT = 100
"""Occasions in a row that somebody skipped by hand are fewer."""


@dataclass(frozen=True)
class NextCall:
    at: datetime
    due_at: datetime
    """Which occasion of the plan that is: another time than `at` if it was moved, or is tried again."""


def is_paused(plan: CheckinPlan, now: datetime) -> bool:
    """Whether the plan is in a pause, or has one ahead."""
    return plan.paused_from is not None and (plan.paused_until is None or plan.paused_until > now)


def is_over(session: Session, plan: CheckinPlan, zone: ZoneInfo, now: datetime) -> bool:
    """Whether no call of the plan is to come, pauses aside."""
    return next(_dues(plan, zone, now), None) is None and _laid_out(session, plan) is None


def next_call(session: Session, plan: CheckinPlan, zone: ZoneInfo, now: datetime) -> NextCall | None:
    """The plan's next call; None if there is none to come. May be due by now."""
    found = [one for one in (_laid_out(session, plan), _to_come(session, plan, zone, now)) if one is not None]
    return min(found, key=lambda one: one.at, default=None)


def _laid_out(session: Session, plan: CheckinPlan) -> NextCall | None:
    ahead = select(Checkin).where(Checkin.plan_id == plan.id, CHECKIN_WAITS, Checkin.hands_off_at.is_(None))
    row = session.scalars(ahead.order_by(Checkin.attempt_due_at).limit(1)).first()
    return NextCall(row.attempt_due_at, row.due_at) if row is not None else None


def _to_come(session: Session, plan: CheckinPlan, zone: ZoneInfo, now: datetime) -> NextCall | None:
    """The first occasion that the plan's rule names and no row stands for yet."""
    if plan.paused_from is not None and plan.paused_until is None:
        return None
    taken = set(session.scalars(select(Checkin.due_at).where(Checkin.plan_id == plan.id, Checkin.due_at >= now)))
    for at in islice(_dues(plan, zone, max(now, plan.paused_until or now)), _LOOKED_AT):
        if at > now and at not in taken and not checkin_layout.is_paused(plan, at):
            return NextCall(at, at)
    return None


def _dues(plan: CheckinPlan, zone: ZoneInfo, since: datetime) -> Iterator[datetime]:
    """The plan's due times from `since` on."""
    ends_at = recurrence.instant(plan.ends_local, zone) if plan.ends_local else None
    for local in recurrence.local_starts(plan.starts_local, plan.rrule, zone, since):
        at = recurrence.instant(local, zone)
        if ends_at is not None and at >= ends_at:
            return
        if at >= since:
            yield at


def to_be_moved(session: Session, plan: CheckinPlan, line_zone: ZoneInfo, now: datetime) -> Checkin | None:
    """The plan's next occasion as a row, laid out now if it wasn't."""
    zone = zone_of(plan.person, line_zone)
    coming = next_call(session, plan, zone, now)
    if coming is None:
        return None
    checkin_layout.lay_out_one(session, plan, coming.due_at, zone, agreed=checkin_layout.is_agreed(session, plan))
    return session.scalars(
        select(Checkin).where(Checkin.plan_id == plan.id, Checkin.due_at == coming.due_at, CHECKIN_WAITS)
    ).one_or_none()
