"""Pauses: who isn't rung for a while though on shift, by their own wish or because they let it ring too often."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from phoneline.db import changed, insert_or_ignore
from phoneline.models import Pause, ShiftHours
from phoneline.states import PauseReason

_Begun = aliased(ShiftHours)


def holds(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Pauses that hold at `now`: not ended, not run out, and no shift of theirs has begun since."""
    began_anew = exists().where(
        _Begun.person_id == Pause.person_id, _Begun.starts_at > Pause.since, _Begun.starts_at <= now
    )
    return and_(
        Pause.ended_at.is_(None),
        or_(Pause.until > now, and_(Pause.until.is_(None), ~began_anew)),
    )


def current(session: Session, person_id: str, now: datetime) -> Pause | None:
    """The pause that keeps this volunteer from being rung, if any."""
    return session.scalars(select(Pause).where(Pause.person_id == person_id, holds(now))).one_or_none()


def all_current(session: Session, now: datetime) -> Mapping[str, Pause]:
    """Every pause that holds, by its volunteer's id."""
    return {pause.person_id: pause for pause in session.scalars(select(Pause).where(holds(now)))}


def take_break(session: Session, person_id: str, until: datetime | None, now: datetime) -> None:
    """Not rung until then; without an end, until they come back or their next shift begins. Replaces what holds."""
    _begin(session, person_id, PauseReason.BREAK, until, now)


def for_misses(session: Session, person_id: str, now: datetime) -> bool:
    """Not rung until they come back or their next shift begins, unless nobody else is on. Leaves a break as it is.

    True if they weren't paused before.
    """
    return current(session, person_id, now) is None and _begin(session, person_id, PauseReason.MISSED, None, now)


def _begin(session: Session, person_id: str, reason: PauseReason, until: datetime | None, now: datetime) -> bool:
    end(session, person_id, now)
    # Two at once: whichever was first holds.
    return insert_or_ignore(session, Pause, person_id=person_id, reason=reason, since=now, until=until)


def resume(session: Session, person_id: str, now: datetime) -> bool:
    """Rung again from now on. True if a pause held until now; again it changes nothing."""
    held = current(session, person_id, now) is not None
    return end(session, person_id, now) and held


def end(session: Session, person_id: str, now: datetime) -> bool:
    """Close the open pause, one that has run out too. True if there was one."""
    session.flush()
    end = update(Pause).where(Pause.person_id == person_id, Pause.ended_at.is_(None)).values(ended_at=now)
    return changed(session, end.execution_options(synchronize_session="fetch")) == 1
