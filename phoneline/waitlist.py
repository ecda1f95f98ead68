"""Who waits for hours that are somebody else's: should they become free, the first who may have them has them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from phoneline import assignments, cover_notices, cover_rows
from phoneline.assignments import Move
from phoneline.cover_states import CoverKind, CoverState
from phoneline.db import changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import COVER_IS_OPEN, CoverRequest, Person, ShiftHours, Waiting
from phoneline.roster_changes import LINE
from phoneline.roster_states import Refusal, RosterAct

LOOK_AGAIN = timedelta(minutes=15)
"""Who couldn't have them now may be able to later."""
MOST = 20


def wait_for(session: Session, hours_id: str, person: Person, now: datetime) -> Waiting | Refusal:
    """On the list for hours that are somebody else's, or nobody's: the clock gives those within a second. Once each."""
    hours = session.get(ShiftHours, hours_id, populate_existing=True)
    if hours is None or hours.off or hours.starts_at <= now:
        return Refusal.PAST
    if hours.person_id == person.id:
        return Refusal.CLASHES
    insert_or_ignore(session, Waiting, hours_id=hours_id, person_id=person.id, since=now, look_at=now)
    theirs = and_(Waiting.hours_id == hours_id, Waiting.person_id == person.id)
    return session.scalars(select(Waiting).where(theirs)).one()


def stop_waiting(session: Session, hours_id: str, person: Person) -> bool:
    """Off the list. False if they weren't on it."""
    theirs = and_(Waiting.hours_id == hours_id, Waiting.person_id == person.id)
    return changed(session, delete(Waiting).where(theirs)) == 1


def waited_for(session: Session, person: Person, now: datetime) -> Sequence[ShiftHours]:
    """What they wait for, earliest first."""
    theirs = select(ShiftHours).join(Waiting, Waiting.hours_id == ShiftHours.id).where(Waiting.person_id == person.id)
    return session.scalars(theirs.where(ShiftHours.starts_at > now).order_by(ShiftHours.starts_at)).all()


def settle(session: Session, request: CoverRequest, live: LiveSettings, now: datetime) -> bool:
    """Whether somebody who waited has taken what is given away. Hold the request's row."""
    if request.kind is CoverKind.SWAP or request.hours.starts_at <= now:
        return False
    person = _first_who_may(session, request.hours, request.from_id, live, now)
    if person is None:
        return False
    cover_rows.close(session, request, CoverState.TAKEN, now, person.id)
    cover_notices.taken(session, request, person, live, now, key="cover_waited")
    return True


def _first_who_may(
    session: Session, hours: ShiftHours, from_id: str | None, live: LiveSettings, now: datetime
) -> Person | None:
    act = RosterAct.TAKEN if from_id is None else RosterAct.GIVEN
    waiting = select(Waiting).where(Waiting.hours_id == hours.id, Waiting.person_id.is_distinct_from(from_id))
    for one in session.scalars(waiting.order_by(Waiting.since, Waiting.id)).all():
        got = assignments.hand_over(session, hours.id, Move(from_id, one.person), act, LINE, live, now)
        if not isinstance(got, Refusal):
            return one.person
        one.look_at = now + LOOK_AGAIN
    return None


# What the clock does


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to do."""
    return due(now).exists()


def due(now: datetime) -> Select[str]:
    """Hours that somebody waits for and that have become free; or that have begun, so that nobody needs to wait."""
    given_away = and_(COVER_IS_OPEN, CoverRequest.kind != CoverKind.SWAP)
    free = or_(and_(ShiftHours.person_id.is_(None), ~ShiftHours.off), CoverRequest.id.is_not(None))
    return (
        select(Waiting.hours_id)
        .join(ShiftHours, ShiftHours.id == Waiting.hours_id)
        .join(CoverRequest, and_(CoverRequest.hours_id == Waiting.hours_id, given_away), isouter=True)
        .where(Waiting.look_at <= now, or_(free, ShiftHours.starts_at <= now))
    )


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Give what has become free to whoever waited for it; once, however many clocks look."""
    for hours_id in session.scalars(due(now).distinct().limit(MOST)).all():
        hours = session.get_one(ShiftHours, hours_id, populate_existing=True)
        standing = cover_rows.open_on(session, hours_id)
        if hours.starts_at <= now:
            session.execute(delete(Waiting).where(Waiting.hours_id == hours_id))
        elif standing is not None:
            request = cover_rows.held(session, standing.id, skip_locked=True)
            if request is not None and request.state is CoverState.OPEN:
                settle(session, request, live, now)
        elif (person := _first_who_may(session, hours, None, live, now)) is not None:
            cover_notices.tell(session, "cover_waited", person, hours, live, now, number="")
    session.flush()
