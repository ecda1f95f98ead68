"""What becomes of laid-out check-ins when something about the person changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from phoneline import checkin_layout
from phoneline.models import PLAN_STANDS, Attempt, Checkin, CheckinPlan, Person
from phoneline.people import has_consent, refuses_volunteers, zone_of
from phoneline.recurrence import instant, local_starts, wall
from phoneline.states import CheckinReason, CheckinState, PlanKind

_WITHOUT_CONSENT = (CheckinReason.NO_CONSENT, CheckinReason.STOPPED)
_GAP = timedelta(hours=3)
"""Longer than any zone's clocks ever jump."""


def move_to_zone(session: Session, person: Person, before: ZoneInfo, line_zone: ZoneInfo, now: datetime) -> None:
    """The person's wall clock is now another: what is still to come and untouched keeps its time of day.

    Each occasion stays one check-in: none is made twice, and none is lost because its new time has just passed.
    """
    after = zone_of(person, line_zone)
    session.flush()
    # Held: a clock that lays one out just now goes by the zone of before.
    theirs = select(CheckinPlan).where(CheckinPlan.person_id == person.id, PLAN_STANDS)
    held = theirs.order_by(CheckinPlan.id).with_for_update(of=CheckinPlan, key_share=True)
    for plan in session.scalars(held.execution_options(populate_existing=True)).all():
        coming = session.scalars(
            select(Checkin).where(
                Checkin.plan_id == plan.id,
                Checkin.state == CheckinState.DUE,
                Checkin.due_at > now,
                Checkin.attempts_used == 0,
                ~exists().where(Attempt.checkin_id == Checkin.id),
            )
        ).all()
        local_times = _local_times(plan, before, [checkin.due_at for checkin in coming])
        moved = {one.due_at: wall(one.attempt_due_at, before) for one in coming if one.attempt_due_at != one.due_at}
        session.execute(delete(Checkin).where(Checkin.id.in_([checkin.id for checkin in coming])))
        agreed = checkin_layout.is_agreed(session, plan)
        for due_at, local in local_times.items():
            checkin_layout.lay_out_one(session, plan, instant(local, after), after, agreed=agreed)
            if due_at in moved:
                _move(session, plan, instant(local, after), instant(moved[due_at], after))
        plan.laid_out_until = instant(wall(plan.laid_out_until, before), after)
        checkin_layout.lay_out(session, plan, line_zone, now)


def _move(session: Session, plan: CheckinPlan, due_at: datetime, to: datetime) -> None:
    """Somebody had moved this occasion: it stays moved."""
    session.execute(
        update(Checkin)
        .where(Checkin.plan_id == plan.id, Checkin.due_at == due_at, Checkin.state == CheckinState.DUE)
        .values(attempt_due_at=to, dial_after=to)
    )


def _local_times(plan: CheckinPlan, zone: ZoneInfo, due: list[datetime]) -> dict[datetime, datetime]:
    """By instant, the wall-clock times that the rule means, also where the zone's clocks skipped them."""
    found: dict[datetime, datetime] = {}
    if not due:
        return found
    last = wall(max(due), zone) + _GAP
    for start in local_starts(plan.starts_local, plan.rrule, zone, min(due)):
        if start > last:
            break
        if (at := instant(start, zone)) in due:
            found.setdefault(at, start)
    return found


def take_up_again(session: Session, person_id: str, now: datetime) -> None:
    """Consent has come back: what was laid out without it and is still to come will be dialled after all.

    Not what a plan made that was ended, or changed for another one, in the meantime.
    """
    agreed = {
        PlanKind.AUTOMATED: has_consent(session, person_id),
        PlanKind.VOLUNTEER: not refuses_volunteers(session, person_id),
    }
    session.execute(
        update(Checkin)
        .where(
            Checkin.person_id == person_id,
            Checkin.kind.in_([kind for kind, yes in agreed.items() if yes]),
            Checkin.plan_id.in_(select(CheckinPlan.id).where(CheckinPlan.person_id == person_id, PLAN_STANDS)),
            Checkin.state == CheckinState.SKIPPED,
            or_(Checkin.reason.is_(None), Checkin.reason.in_(_WITHOUT_CONSENT)),
            Checkin.due_at > now,
        )
        .values(state=CheckinState.DUE, reason=None)
    )
