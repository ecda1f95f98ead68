"""When a peer is called next: from the check-ins that are laid out already, and from the plans for what comes later."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import plans
from phoneline.checkin_layout import due_of, is_agreed, is_paused
from phoneline.live_settings import LiveSettings
from phoneline.models import CHECKIN_WAITS, Checkin, CheckinPlan, Person
from phoneline.people import zone_of

AHEAD = timedelta(days=62)
"""What comes later than that isn't called the next one."""


def of_person(
    session: Session, person: Person, live: LiveSettings, now: datetime, but: Checkin | None = None
) -> datetime | None:
    """None if nothing is planned. `but` doesn't count."""
    ahead = select(func.min(Checkin.attempt_due_at)).where(
        CHECKIN_WAITS, Checkin.person_id == person.id, Checkin.attempt_due_at > now
    )
    if but is not None:
        ahead = ahead.where(Checkin.id != but.id)
    laid_out: datetime | None = session.scalar(ahead)
    found = [laid_out] if laid_out is not None else []
    found += [at for plan in plans.of_person(session, person.id) if (at := _planned(session, plan, live, now))]
    return min(found, default=None)


def _planned(session: Session, plan: CheckinPlan, live: LiveSettings, now: datetime) -> datetime | None:
    """The first call of the plan after what is laid out."""
    if not is_agreed(session, plan):
        return None
    since = max(now, plan.laid_out_until)
    planned = due_of(plan, zone_of(plan.person, live.home.zone), since, now + AHEAD)
    return next((at for at in planned if not is_paused(plan, at)), None)
