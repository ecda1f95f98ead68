"""A stretch that is about to begin with nobody on shift: coordinators are told in time to find somebody.

Only where somebody wrote down how many are needed. First a text; a call only when it begins within the hour.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from phoneline import alarms, cover_needs, covering, spoken
from phoneline.cover import Gap
from phoneline.db import changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import ALARM_STANDS, Alarm, CoverNeed, Pulse
from phoneline.quiet_hours import is_quiet
from phoneline.states import AlarmKind

NEAR = timedelta(hours=1)
"""What begins so soon is told at night too, and by a call."""
SHORT = timedelta(minutes=30)
"""What lasts no longer, such as a break, is no alarm."""
MOST_CALLS = 1
"""So often each coordinator is called about it: whoever calls the line meanwhile raises another alarm."""
_LOOKED = "unstaffed"
_EVERY = timedelta(seconds=15)
_NIGHT = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SUBJECT = "unstaffed "


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether it is time to look again, and anybody has said how many are needed."""
    looked = select(Pulse).where(Pulse.name == _LOOKED, Pulse.at > now - _EVERY, Pulse.at <= now)
    needed = select(CoverNeed.id).where(cover_needs.STANDS)
    return and_(~looked.exists(), or_(needed.exists(), _standing().exists()))


def _standing() -> Select[Alarm]:
    return select(Alarm).where(ALARM_STANDS, Alarm.kind == AlarmKind.UNSTAFFED)


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """One alarm for each stretch that is about to begin; none for what has somebody or is over. One clock at a time."""
    if not _is_mine(session, now):
        return
    found = _nobody(session, live, now)
    told = []
    for alarm in session.scalars(_standing()).all():
        if any(_meets(alarm, gap) for gap in found):
            told.append(alarm)
        else:
            alarms.over(session, alarm, now)
    for gap in found:
        if _is_to_be_told(gap, live, now) and not any(_meets(alarm, gap) for alarm in told):
            subject = f"{_SUBJECT}{gap.starts_at.isoformat()} {gap.ends_at.isoformat()}"
            alarms.raise_alarm(session, AlarmKind.UNSTAFFED, subject, now)


def _is_mine(session: Session, now: datetime) -> bool:
    """Whoever moves the pulse on holds it until the commit; who comes after finds it moved."""
    due = or_(Pulse.at <= now - _EVERY, Pulse.at > now)
    if changed(session, update(Pulse).where(Pulse.name == _LOOKED, due).values(at=now)):
        return True
    return insert_or_ignore(session, Pulse, name=_LOOKED, at=now)


def _nobody(session: Session, live: LiveSettings, now: datetime) -> Sequence[Gap]:
    """The stretches with nobody, as far ahead as anything is told; none where nothing was written down."""
    if not live.unstaffed_alarm_seconds or not cover_needs.all_standing(session):
        return []
    until = now + timedelta(seconds=live.unstaffed_alarm_seconds) + NEAR + 2 * _NIGHT
    return [gap for gap in covering.gaps(session, live, now, until) if gap.is_nobody]


def _is_to_be_told(gap: Gap, live: LiveSettings, now: datetime) -> bool:
    if gap.ends_at - gap.starts_at <= SHORT or now < told_from(gap.starts_at, live):
        return False
    return gap.starts_at - now <= NEAR or not _is_night(now, live)


def told_from(starts_at: datetime, live: LiveSettings) -> datetime:
    """So long before; but what would come in the night comes in the hour before it."""
    at = starts_at - timedelta(seconds=live.unstaffed_alarm_seconds)
    if not _is_night(at, live):
        return at
    evening, longest = at.replace(second=0, microsecond=0), at - _NIGHT
    while _is_night(evening - _MINUTE, live) and evening > longest:
        evening -= _MINUTE
    return evening - NEAR


def _is_night(at: datetime, live: LiveSettings) -> bool:
    return is_quiet(at, live.home.zone, live.quiet_weekday, live.quiet_weekend)


def _meets(alarm: Alarm, gap: Gap) -> bool:
    starts_at, ends_at = stretch(alarm)
    return starts_at < gap.ends_at and gap.starts_at < ends_at


def stretch(alarm: Alarm) -> tuple[datetime, datetime]:
    """From when until when nobody was on as it was raised."""
    starts_at, ends_at = alarm.subject.removeprefix(_SUBJECT).split()
    return datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)


def called_from(alarm: Alarm) -> datetime:
    """Before that nobody is called about it."""
    return stretch(alarm)[0] - NEAR if alarm.kind is AlarmKind.UNSTAFFED else alarm.raised_at


def filled_in(alarm: Alarm, language: str, live: LiveSettings, now: datetime) -> Mapping[str, str]:
    """What the words about it say when."""
    if alarm.kind is not AlarmKind.UNSTAFFED:
        return {}
    return {"when": spoken.when(stretch(alarm)[0], now, live.home.zone, language)}
