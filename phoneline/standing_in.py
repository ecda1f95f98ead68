"""Others asked to stand in for somebody, from where only yes or no matters: reminders, and the menu by telephone."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import cover_requests, cover_rows
from phoneline.cover_states import CoverKind
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal


def is_asked(session: Session, hours: ShiftHours) -> bool:
    """Whether whoever has these hours asks others to take them."""
    standing = cover_rows.open_on(session, hours.id)
    return standing is not None and standing.from_id == hours.person_id


def ask(
    session: Session, hours: ShiftHours, person: Person, kind: CoverKind, by: By, live: LiveSettings, now: datetime
) -> bool:
    """Others are asked, and the person stays responsible. False if that can't be any more."""
    return not isinstance(cover_requests.ask(session, hours.id, person, kind, by, live, now), Refusal)


def withdraw(session: Session, hours: ShiftHours, person: Person, by: By, live: LiveSettings, now: datetime) -> bool:
    """Nobody is asked any more. False if somebody has taken it."""
    standing = cover_rows.open_on(session, hours.id)
    if standing is None or standing.from_id != person.id:
        return hours.person_id == person.id
    return not isinstance(cover_requests.withdraw(session, standing.id, by, live, now), Refusal)
