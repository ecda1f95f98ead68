"""People's check-in plans, and when each calls next. The number that is told is read for its last two digits alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from dashboard import plan_times
from phoneline import people, plans
from phoneline.models import CHECKIN_WAITS, PLAN_STANDS, Checkin, CheckinPlan, Consent, Person
from phoneline.plan_checks import Draft
from phoneline.states import CheckinReason, CheckinState, ConsentKind, PlanAuthor, PlanKind

ENDED_SHOWN = timedelta(days=30)
MISSED_SHOWN = timedelta(days=7)
MOST_MISSED = 3


@dataclass(frozen=True)
class Planned:
    """One plan with what holds for it now."""

    id: str
    person_id: str
    draft: Draft
    volunteer: str | None
    """The usual volunteer's name."""
    paused_from: datetime | None
    paused_until: datetime | None
    ended_at: datetime | None
    ended_by: PlanAuthor | None
    agreed: bool
    """To what it does."""
    next_at: datetime | None
    """The next call that is still to come, as far as anybody can tell."""
    over: bool
    """No call of it is to come at all, whatever anybody agrees to or resumes."""


def of_people(
    session: Session, ids: Collection[str], line_zone: ZoneInfo, now: datetime
) -> Mapping[str, list[Planned]]:
    """By person, oldest first, without those that were taken off."""
    found = _planned(session, (CheckinPlan.person_id.in_(ids), PLAN_STANDS), line_zone, now)
    by_person: dict[str, list[Planned]] = {}
    for one in found:
        by_person.setdefault(one.person_id, []).append(one)
    return by_person


def ended(session: Session, person_id: str, line_zone: ZoneInfo, now: datetime) -> Sequence[Planned]:
    """Those that were taken off of late, the last one first."""
    which = CheckinPlan.person_id == person_id, CheckinPlan.ended_at > now - ENDED_SHOWN
    found = _planned(session, which, line_zone, now)
    return sorted(found, key=lambda one: one.ended_at or now, reverse=True)


def _planned(
    session: Session, which: Iterable[ColumnElement[bool]], line_zone: ZoneInfo, now: datetime
) -> Sequence[Planned]:
    of_plan = select(CheckinPlan, Person.timezone).join(Person, Person.id == CheckinPlan.person_id).where(*which)
    rows = session.execute(of_plan.order_by(CheckinPlan.starts_local, CheckinPlan.id)).all()
    ids = {plan.person_id for plan, _ in rows}
    agreed, laid_out = _agreed(session, ids), _laid_out(session, ids, now)
    volunteers = _names(session, {plan.volunteer_id for plan, _ in rows if plan.volunteer_id})
    return [
        Planned(
            id=plan.id,
            person_id=plan.person_id,
            draft=plans.draft_of(plan),
            volunteer=volunteers.get(plan.volunteer_id or ""),
            paused_from=plan.paused_from,
            paused_until=plan.paused_until,
            ended_at=plan.ended_at,
            ended_by=plan.ended_by,
            agreed=plan.person_id in agreed[plan.kind],
            next_at=_next(plan, laid_out, agreed, _zone(timezone, line_zone), now),
            over=plan.id not in laid_out and _is_over(plan, _zone(timezone, line_zone), now),
        )
        for plan, timezone in rows
    ]


def _zone(name: str | None, line_zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(name) if name else line_zone


def _is_over(plan: CheckinPlan, zone: ZoneInfo, now: datetime) -> bool:
    return not plan_times.coming(plans.draft_of(plan), zone, now, 1)


def _next(
    plan: CheckinPlan,
    laid_out: Mapping[str, datetime],
    agreed: Mapping[PlanKind, Collection[str]],
    zone: ZoneInfo,
    now: datetime,
) -> datetime | None:
    """What is laid out is known for certain; beyond that, the rule tells."""
    if plan.person_id not in agreed[plan.kind] or plan.ended_at is not None:
        return None
    if plan.id in laid_out:
        return laid_out[plan.id]
    paused = (plan.paused_from, plan.paused_until) if plan.paused_from else None
    return next(iter(plan_times.coming(plans.draft_of(plan), zone, max(now, plan.laid_out_until), 1, paused)), None)


def _laid_out(session: Session, ids: Collection[str], now: datetime) -> Mapping[str, datetime]:
    """By plan, when its next attempt is due that is still to come."""
    ahead = Checkin.person_id.in_(ids), Checkin.attempt_due_at >= now, CHECKIN_WAITS
    found: Iterable[Any] = session.execute(
        select(Checkin.plan_id, func.min(Checkin.attempt_due_at)).where(*ahead).group_by(Checkin.plan_id)
    )
    return dict(iter(found))


def _agreed(session: Session, ids: Collection[str]) -> Mapping[PlanKind, Collection[str]]:
    """By kind of plan, whose consent it has."""
    standing = select(Consent.person_id).where(
        Consent.person_id.in_(ids), Consent.kind == ConsentKind.AUTOMATED_CALLS, Consent.withdrawn_at.is_(None)
    )
    willing = select(Person.id).where(Person.id.in_(ids), ~people.said_no_to_volunteers(Person.id))
    return {
        PlanKind.AUTOMATED: set(session.scalars(standing)),
        PlanKind.VOLUNTEER: set(session.scalars(willing)),
    }


def _names(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    found: Iterable[Any] = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))) if ids else ()
    return dict(iter(found))


@dataclass(frozen=True)
class NotCalled:
    """A check-in of late for which nobody was rung, though it was planned."""

    due_at: datetime
    reason: CheckinReason | None


def not_called(session: Session, person_id: str, now: datetime) -> Sequence[NotCalled]:
    """Because there was no consent, or it was too late: what nobody decided by hand. The newest first."""
    nobody_decided = or_(
        (Checkin.state == CheckinState.SKIPPED) & (Checkin.reason == CheckinReason.NO_CONSENT),
        Checkin.state == CheckinState.EXPIRED,
    )
    lately = Checkin.person_id == person_id, Checkin.due_at <= now, Checkin.due_at > now - MISSED_SHOWN
    found: Iterable[Any] = session.execute(
        select(Checkin.due_at, Checkin.reason)
        .where(*lately, nobody_decided)
        .order_by(Checkin.due_at.desc())
        .limit(MOST_MISSED)
    )
    return [NotCalled(*row) for row in found]
