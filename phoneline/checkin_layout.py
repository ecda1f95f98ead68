"""From plans to check-ins: laid out ahead of time, so that what is due is one indexed query."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from phoneline.db import insert_all_or_ignore, insert_or_ignore
from phoneline.models import PLAN_STANDS, Checkin, CheckinPlan, Consent, Person
from phoneline.people import has_consent, refuses_volunteers, zone_of
from phoneline.recurrence import day_around, due_instants, instant
from phoneline.states import CheckinReason, CheckinState, ConsentKind, PlanKind

AHEAD = timedelta(hours=36)
LATE = timedelta(hours=24)
"""A new plan may name a time that has just passed: up to a day late it becomes a check-in, called or expired."""
MOST = 500
"""So many plans are laid out in one transaction."""


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
    insert_or_ignore(session, Checkin, **_checkin(plan, due_at, zone, agreed=agreed))


def _checkin(plan: CheckinPlan, due_at: datetime, zone: ZoneInfo, *, agreed: bool) -> dict[str, object]:
    """The row of a check-in that is due then."""
    day_from, day_until = day_around(due_at, zone)
    reason = None if agreed else CheckinReason.NO_CONSENT
    if is_paused(plan, due_at):
        reason = CheckinReason.PAUSED
    return {
        "plan_id": plan.id,
        "person_id": plan.person_id,
        "kind": plan.kind,
        "purpose": plan.purpose,
        "due_at": due_at,
        "day_from": day_from,
        "day_until": day_until,
        "state": CheckinState.SKIPPED if reason else CheckinState.DUE,
        "reason": reason,
        "attempt_due_at": due_at,
        "dial_after": due_at,
    }


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
    return select(CheckinPlan).where(PLAN_STANDS, CheckinPlan.laid_out_until < now + AHEAD / 2)


def is_lay_out_due(now: datetime) -> ColumnElement[bool]:
    return _due_for_layout(now).exists()


def lay_out_due(session: Session, line_zone: ZoneInfo, now: datetime) -> int:
    """Lay out plans that aren't for the coming day, least far ones first. How many: if `MOST`, there are more.

    Plans that somebody has in hand are left to the next time: their person's zone may just be changing.
    """
    until = now + AHEAD
    plans = _held_for_layout(session, now)
    zones = _zones(session, {plan.person_id for plan in plans}, line_zone)
    agreed = _who_agreed(session, zones)
    rows = [
        _checkin(plan, due_at, zone, agreed=_is_agreed(session, plan, agreed))
        for plan in plans
        for zone in (zones[plan.person_id],)
        for due_at in due_of(plan, zone, plan.laid_out_until, until)
    ]
    insert_all_or_ignore(session, Checkin, rows)
    session.execute(
        update(CheckinPlan)
        .where(CheckinPlan.id.in_([plan.id for plan in plans]))
        .values(laid_out_until=until)
        .execution_options(synchronize_session=False)
    )
    return len(plans)


def _is_agreed(session: Session, plan: CheckinPlan, who: Collection[str]) -> bool:
    """As `is_agreed`, knowing who agreed to automated calls."""
    return plan.person_id in who if plan.kind is PlanKind.AUTOMATED else is_agreed(session, plan)


def _held_for_layout(session: Session, now: datetime) -> Sequence[CheckinPlan]:
    return session.scalars(
        _due_for_layout(now)
        .order_by(CheckinPlan.laid_out_until)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=CheckinPlan, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _zones(session: Session, person_ids: Collection[str], line_zone: ZoneInfo) -> Mapping[str, ZoneInfo]:
    """Read once the plans are held: whoever changes a zone moves the plans in the same transaction."""
    found = session.execute(select(Person.id, Person.timezone).where(Person.id.in_(person_ids)))
    return {person_id: ZoneInfo(zone) if zone else line_zone for person_id, zone in found}


def _who_agreed(session: Session, person_ids: Collection[str]) -> Collection[str]:
    standing = select(Consent.person_id).where(
        Consent.person_id.in_(person_ids),
        Consent.kind == ConsentKind.AUTOMATED_CALLS,
        Consent.withdrawn_at.is_(None),
    )
    return set(session.scalars(standing))
