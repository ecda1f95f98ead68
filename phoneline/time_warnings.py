"""The word in a conversation that the time agreed on for today is nearly used up: to whom, once, and what came of it.

It is judged anew each time from the rows: what was used today before, steps aside, another volunteer, a limit that was
agreed or ended meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from phoneline import calls, daily_limits, handovers
from phoneline.db import changed, insert_or_ignore
from phoneline.documents import announcement
from phoneline.legs import new_token
from phoneline.models import Call, DailyLimit, TimeWarning
from phoneline.states import CallState, Direction, WarningResult
from phoneline.steps import Document

WARN = "warn_of_time"
ARRIVED_SECONDS = 10
"""Nobody is interrupted sooner after they came together; and the carrier may list a new room a little late."""
LONGEST_CALL = timedelta(days=2)
"""No call that began earlier goes on: the carrier ends them before. Only a person's latest calls are looked at."""


@dataclass(frozen=True)
class Announcement:
    """What the carrier is to be asked, now that it is written down."""

    room: str
    token: str


def with_minutes() -> Select[str]:
    """With whom minutes are agreed: few people, on most lines nobody."""
    return select(DailyLimit.person_id).where(DailyLimit.ended_at.is_(None), DailyLimit.minutes.is_not(None))


def conversations(person_ids: Sequence[str], now: datetime) -> Select[Call]:
    """Those of these people who are together with somebody, and haven't been warned in this call."""
    return (
        select(Call)
        .outerjoin(TimeWarning, TimeWarning.call_id == Call.id)
        .where(
            Call.person_id.in_(person_ids),
            Call.started_at > now - LONGEST_CALL,
            Call.state == CallState.CONNECTED,
            Call.direction == Direction.INBOUND,
            Call.joined_at <= now - timedelta(seconds=ARRIVED_SECONDS),
            TimeWarning.id.is_(None),
        )
    )


def due(session: Session, line_zone: ZoneInfo, now: datetime) -> Sequence[str]:
    """The ids of the calls in which it is to be said now."""
    person_ids = session.scalars(with_minutes()).all()
    if not person_ids:
        return []
    found = session.scalars(conversations(person_ids, now)).all()
    return [call.id for call in found if _is_due(session, call, line_zone, now)]


def _is_due(session: Session, call: Call, line_zone: ZoneInfo, now: datetime) -> bool:
    if call.person_id is None or call.joined_at is None:
        return False
    if handovers.open_of(session, call) is not None:
        # In a crisis nobody is told to hurry, and the third party is told nothing of it.
        return False
    # The call counts for the day on which it began, however late it has become.
    allowance = daily_limits.today(session, call.person_id, line_zone, call.started_at)
    talking = (now - call.joined_at).total_seconds()
    return allowance is not None and allowance.is_warning_due(call.talk_seconds, talking)


def begin(session: Session, call_id: str, line_zone: ZoneInfo, now: datetime) -> Announcement | None:
    """Now this process's to ask for; None if another has it, or it is no longer to be said. Holds the call."""
    person_id = calls.by_id(session, call_id).person_id
    if person_id is None:
        return None
    call = session.scalars(conversations([person_id], now).where(Call.id == call_id)).one_or_none()
    if call is None or call.room is None or not _is_due(session, call, line_zone, now):
        return None
    token = new_token()
    if not insert_or_ignore(session, TimeWarning, call_id=call_id, token=token, asked_at=now):
        return None
    return Announcement(call.room, token)


def settle(session: Session, token: str, result: WarningResult) -> None:
    """The carrier's answer."""
    session.execute(update(TimeWarning).where(TimeWarning.token == token).values(result=result))


def words(session: Session, token: str, now: datetime) -> Document | None:
    """What is to be said, for the carrier that comes for it; None when it is none of ours or they have parted."""
    call = session.scalars(
        select(Call).join(TimeWarning, TimeWarning.call_id == Call.id).where(TimeWarning.token == token)
    ).one_or_none()
    if call is None or call.state is not CallState.CONNECTED:
        return None
    first = update(TimeWarning).where(TimeWarning.token == token, TimeWarning.fetched_at.is_(None))
    changed(session, first.values(fetched_at=now))
    return announcement.time_nearly_used_up(call)
