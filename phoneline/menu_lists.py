"""What the volunteers' own menu reads aloud: their next shifts, and whom they are to call today."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import own_shifts, spoken
from phoneline.menu_visit import Visit
from phoneline.models import Checkin, Person
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


def checkin_said(session: Session, visit: Visit, one: Checkin) -> Say:
    """Whom to call, by first name, and when; in whose place."""
    when = spoken.when(one.attempt_due_at, visit.now, visit.zone, visit.call.language)
    name, usual_id = one.person.first_name, one.plan.volunteer_id
    usual = session.get(Person, usual_id) if usual_id not in {None, visit.person.id} else None
    if usual is None:
        return visit.say("menu_checkin", name=name, when=when)
    return visit.say("menu_checkin_stand_in", name=name, when=when, volunteer=usual.first_name)


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
