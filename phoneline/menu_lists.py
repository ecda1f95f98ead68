"""What the volunteers' own menu reads aloud: their next shifts, and whom they are to call today."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import own_shifts, spoken
from phoneline.menu_visit import Visit
from phoneline.models import Checkin
from phoneline.own_shifts import Stretch
from phoneline.prompts import say
from phoneline.steps import Say

MOST_SHIFTS = 3
MOST_CHECKINS = 5


def said(hours: Stretch, now: datetime, zone: ZoneInfo, language: str) -> str:
    return spoken.span(hours.starts_at, hours.ends_at, now, zone, language)


def own_shifts_said(session: Session, person_id: str, language: str, zone: ZoneInfo, now: datetime) -> Sequence[Say]:
    """The volunteer's next shifts; one that has begun counts."""
    hours = own_shifts.ahead(session, person_id, now)[:MOST_SHIFTS]
    if not hours:
        return [say("menu_no_shifts", language)]
    keys = ["menu_next_shift", *["menu_then_shift"] * len(hours)]
    return [say(key, language, when=said(one, now, zone, language)) for key, one in zip(keys, hours, strict=False)]


def checkin_said(visit: Visit, one: Checkin) -> Say:
    """Whom to call, by first name, and when."""
    when = spoken.when(one.attempt_due_at, visit.now, visit.zone, visit.call.language)
    return visit.say("menu_checkin", name=one.person.first_name, when=when)


def checkins_said(visit: Visit, due: Sequence[Checkin]) -> Sequence[Say]:
    """The list of today."""
    if not due:
        return [visit.say("menu_no_checkins")]
    return [visit.say("menu_checkins_today"), *[checkin_said(visit, one) for one in due[:MOST_CHECKINS]]]
