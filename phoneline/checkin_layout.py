"""From plans to check-ins: laid out ahead of time, so that what is due is one indexed query."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from phoneline.db import insert_or_ignore
from phoneline.models import PLAN_STANDS, Checkin, CheckinPlan
from phoneline.people import has_consent, refuses_volunteers, zone_of
from phoneline.recurrence import day_around, due_instants, instant
from phoneline.states import CheckinReason, CheckinState, PlanKind

AHEAD = timedelta(hours=36)
LATE = timedelta(hours=24)
"""A new plan may name a time that has just passed: up to a day late it becomes a check-in, called or expired."""


def first_instant(plan: CheckinPlan, zone: ZoneInfo, now: datetime, grace: timedelta) -> datetime:
    """From when on a new plan's due times count: its own start if that is at most a day ago, or its only time."""
    start = instant(plan.starts_local, zone)
    if not plan.rrule or start > now - LATE:
        return start
    return now - grace


def lay_out(session: Session, plan: CheckinPlan, line_zone: ZoneInfo, now: datetime) -> None:
    """Make the plan's check-ins for the hours ahead; each due time once, however many clocks do this."""
    until = now + AHEAD
    zone = zone_of(plan.person, line_zone)
    agreed = is_agreed(session, plan)
    for due_at in due_of(plan, zone, plan.laid_out_until, until):
        lay_out_one(session, plan, due_at, zone, agreed=agreed)
    plan.laid_out_until = max(plan.laid_out_until, until)


def due_of(plan: CheckinPlan, zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """When the plan's calls are due in [since, until), in pauses too. None once it was ended."""
    if plan.ended_at is not None:
        return []
    if plan.ends_local is not None:
        until = min(until, instant(plan.ends_local, zone))
    return due_instants(plan.starts_local, plan.rrule, zone, since, until)


def lay_out_one(session: Session, plan: CheckinPlan, due_at: datetime, zone: ZoneInfo, *, agreed: bool) -> None:
    """The plan's check-in for one due time, unless it is there already. `agreed`: to the calls of this plan."""
    day_from, day_until = day_around(due_at, zone)
    reason = None if agreed else CheckinReason.NO_CONSENT
    if is_paused(plan, due_at):
        reason = CheckinReason.PAUSED
    insert_or_ignore(
        session,
        Checkin,
        plan_id=plan.id,
        person_id=plan.person_id,
        kind=plan.kind,
        purpose=plan.purpose,
        due_at=due_at,
        day_from=day_from,
        day_until=day_until,
        state=CheckinState.SKIPPED if reason else CheckinState.DUE,
        reason=reason,
        attempt_due_at=due_at,
        dial_after=due_at,
    )


def is_paused(plan: CheckinPlan, at: datetime) -> bool:
    """Whether the peer wanted no calls of this plan at `at`."""
    since, until = plan.paused_from, plan.paused_until
    return since is not None and since <= at and (until is None or at < until)


def is_agreed(session: Session, plan: CheckinPlan) -> bool:
    """Whether the peer agreed to what this plan does; volunteers may call without a yes, and not after a no."""
    if plan.kind is PlanKind.VOLUNTEER:
        return not refuses_volunteers(session, plan.person_id)
    return has_consent(session, plan.person_id)


def _due_for_layout(now: datetime) -> Select[CheckinPlan]:
    return select(CheckinPlan).where(PLAN_STANDS, CheckinPlan.laid_out_until < now + AHEAD / 2).limit(200)


def is_lay_out_due(now: datetime) -> ColumnElement[bool]:
    return _due_for_layout(now).exists()


def lay_out_due(session: Session, line_zone: ZoneInfo, now: datetime) -> None:
    """Lay out plans that aren't for the coming day."""
    for plan in session.scalars(_due_for_layout(now)).all():
        lay_out(session, plan, line_zone, now)
