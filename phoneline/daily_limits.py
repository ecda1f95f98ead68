"""Agreed limits: how much a person who calls often has left today. The day is theirs, from midnight to midnight.

What counts is conversations: a call that reached nobody uses up nothing. It is counted from the calls each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from phoneline.allowance import Allowance
from phoneline.db import changed
from phoneline.models import Call, DailyLimit, Person
from phoneline.recurrence import day_around
from phoneline.states import Direction


@dataclass(frozen=True)
class Agreement:
    """What a coordinator agreed on with a person."""

    person_id: str
    calls: int | None
    minutes: int | None
    note: str
    language: str
    """What the person hears it in, if their own language isn't known."""
    account_id: str


def today(session: Session, person_id: str, line_zone: ZoneInfo, now: datetime) -> Allowance | None:
    """What the person has left today; None if nothing was agreed."""
    limit = session.execute(
        select(DailyLimit.calls, DailyLimit.minutes, Person.timezone)
        .join(Person, Person.id == DailyLimit.person_id)
        .where(DailyLimit.person_id == person_id, DailyLimit.ended_at.is_(None))
    ).one_or_none()
    if limit is None:
        return None
    calls, minutes, zone = limit
    used = _used(session, person_id, day_around(now, ZoneInfo(zone) if zone else line_zone)[0])
    return Allowance(calls, minutes, *used)


def _used(session: Session, person_id: str, midnight: datetime) -> tuple[int, float]:
    """Conversations that began since then, and the seconds that were talked."""
    count, seconds = session.execute(
        select(func.count(Call.answered_at), func.coalesce(func.sum(Call.talk_seconds), 0.0)).where(
            Call.person_id == person_id, Call.started_at >= midnight, Call.direction == Direction.INBOUND
        )
    ).one()
    return count, float(seconds)


def all_today(session: Session, line_zone: ZoneInfo, now: datetime) -> Mapping[str, Allowance]:
    """The same for everybody with a limit, by the person's id."""
    held: Iterable[Any] = session.scalars(select(DailyLimit.person_id).where(DailyLimit.ended_at.is_(None)))
    found = {person_id: today(session, person_id, line_zone, now) for person_id in list(held)}
    return {person_id: left for person_id, left in found.items() if left is not None}


def agree(session: Session, agreement: Agreement, now: datetime) -> str:
    """From now on; what was agreed before with this person is replaced. Its id. LookupError if they are nobody."""
    person = session.get(Person, agreement.person_id, with_for_update=True)
    if person is None or person.erased_at is not None or person.merged_into_id is not None:
        raise LookupError(agreement.person_id)
    person.language = person.language or agreement.language
    limit = session.scalars(select(DailyLimit).filter_by(person_id=person.id)).one_or_none()
    limit = limit or DailyLimit(person_id=person.id)
    limit.calls, limit.minutes, limit.note = agreement.calls, agreement.minutes, agreement.note or None
    limit.agreed_at, limit.decided_by, limit.ended_at = now, agreement.account_id, None
    session.add(limit)
    session.flush()
    return limit.id


def end(session: Session, limit_id: str, now: datetime) -> bool:
    """The person may call as often as they like again. False if that was so already."""
    over = update(DailyLimit).where(DailyLimit.id == limit_id, DailyLimit.ended_at.is_(None))
    return changed(session, over.values(ended_at=now)) == 1


def resume(session: Session, limit_id: str) -> bool:
    """Undo `end`."""
    again = update(DailyLimit).where(DailyLimit.id == limit_id, DailyLimit.ended_at.is_not(None))
    return changed(session, again.values(ended_at=None)) == 1
