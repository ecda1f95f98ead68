"""What a volunteer does about being rung, by key or on their own page: on shift, off shift, a break, back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import own_shifts, pauses
from phoneline.models import Person


def go_on(session: Session, person: Person, line_zone: ZoneInfo, now: datetime) -> bool:
    """On shift, and rung. Whoever isn't ready isn't. False while somebody is on from whom they are kept apart."""
    if not person.ready:
        return True
    if not own_shifts.go_on(session, person, line_zone, now):
        return False
    pauses.resume(session, person.id, now)
    return True


def take_break(session: Session, person: Person, length: timedelta | None, now: datetime) -> bool:
    """Not rung for so long, or for the rest of this shift. False off shift, where nothing rings anyway."""
    if own_shifts.on_until(session, person.id, now) is None:
        return False
    pauses.take_break(session, person.id, now + length if length is not None else None, now)
    return True
