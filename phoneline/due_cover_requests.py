"""What the clock does for hours that are given away: asks people, reminds whose they are, and ends what is too late."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from phoneline import cover_asking, cover_notices, cover_rows, roster_changes, waitlist
from phoneline.cover_asking import ToAsk
from phoneline.cover_requests import REMIND
from phoneline.cover_states import CoverState
from phoneline.live_settings import LiveSettings
from phoneline.models import COVER_IS_OPEN, CoverRequest, ShiftHours
from phoneline.roster_changes import LINE
from phoneline.roster_states import RosterAct

MOST = 5
"""So many at a look; the rest is for the next second."""


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to do."""
    return or_(due(now).exists(), waitlist.is_anything_due(now))


def due(now: datetime) -> Select[str]:
    needless = or_(ShiftHours.off, ShiftHours.person_id.is_distinct_from(CoverRequest.from_id))
    remind = and_(CoverRequest.reminded_at.is_(None), ShiftHours.starts_at <= now + REMIND)
    return (
        select(CoverRequest.id)
        .join(ShiftHours, ShiftHours.id == CoverRequest.hours_id)
        .where(COVER_IS_OPEN, or_(CoverRequest.ask_at <= now, ShiftHours.starts_at <= now, remind, needless))
    )


def whom_to_ask(session: Session, live: LiveSettings, now: datetime) -> Mapping[str, ToAsk]:
    """By the request. Reads only: nobody waits meanwhile, and who takes hours is judged anew in that moment."""
    asking = due(now).where(CoverRequest.ask_at <= now, ShiftHours.starts_at > now).order_by(CoverRequest.ask_at)
    found = select(CoverRequest).where(CoverRequest.id.in_(asking.limit(MOST)))
    return {one.id: cover_asking.to_ask(session, one, live, now) for one in session.scalars(found).all()}


def look(session: Session, to_ask: Mapping[str, ToAsk], live: LiveSettings, now: datetime) -> None:
    """Go on with each that is due; once, however many clocks look."""
    waitlist.look(session, live, now)
    for request_id in session.scalars(due(now).order_by(CoverRequest.ask_at).limit(MOST)).all():
        request = cover_rows.held(session, request_id, skip_locked=True)
        if request is not None and request.state is CoverState.OPEN:
            _go_on(session, request, to_ask.get(request_id), live, now)


def _go_on(session: Session, request: CoverRequest, found: ToAsk | None, live: LiveSettings, now: datetime) -> None:
    hours = request.hours
    session.refresh(hours)
    if hours.off or hours.person_id != request.from_id:
        # Somebody changed the roster: there is nothing to give away.
        cover_rows.close(session, request, CoverState.WITHDRAWN, now)
        roster_changes.note(session, RosterAct.WITHDRAWN, LINE, now, hours)
        return
    if hours.starts_at <= now:
        cover_rows.close(session, request, CoverState.LATE, now)
        roster_changes.note(session, RosterAct.LATE, LINE, now, hours)
        cover_notices.late(session, request, live, now)
        return
    if request.reminded_at is None and hours.starts_at <= now + REMIND:
        request.reminded_at = now
        cover_notices.tell(session, "cover_still_yours", request.giver, hours, live, now)
    if request.ask_at <= now and found is not None:
        cover_asking.ask(session, request, found, live, now)
    session.flush()
