"""What the volunteers' own menu reads aloud: their next shifts, and whom they are to call today."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import spoken
from phoneline.menu_visit import Visit
from phoneline.models import Checkin, Person, ShiftHours
from phoneline.own_shifts import Stretch
from phoneline.steps import Say

MOST_CHECKINS = 5


def said(hours: Stretch, now: datetime, zone: ZoneInfo, language: str) -> str:
    return spoken.span(hours.starts_at, hours.ends_at, now, zone, language)


def when(visit: Visit, hours: ShiftHours) -> str:
    """The hours as whoever is in the menu says them."""
    return spoken.span(hours.starts_at, hours.ends_at, visit.now, visit.zone, visit.call.language)


def checkin_said(session: Session, visit: Visit, one: Checkin) -> Say:
    """Whom to call, by first name, and when; in whose place."""
    at = spoken.when(one.attempt_due_at, visit.now, visit.zone, visit.call.language)
    name, usual_id = one.person.known_as, one.plan.volunteer_id
    usual = session.get(Person, usual_id) if usual_id not in {None, visit.person.id} else None
    if usual is None:
        return visit.say("menu_checkin", name=name, when=at)
    return visit.say("menu_checkin_stand_in", name=name, when=at, volunteer=usual.first_name)


def checkins_said(session: Session, visit: Visit, own: Sequence[Checkin], others: Sequence[Checkin]) -> Sequence[Say]:
    """The list of today: their own, then whom nobody else calls."""
    if not own and not others:
        return [visit.say("menu_no_checkins")]
    found: list[Say] = []
    for heading, listed in (("menu_checkins_today", own), ("menu_checkins_shift", others)):
        if listed:
            said = [checkin_said(session, visit, one) for one in listed[:MOST_CHECKINS]]
            found += [visit.say(heading), *said]
    return found
