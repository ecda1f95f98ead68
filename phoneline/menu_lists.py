"""What the volunteers' own menu reads aloud: their next shifts, and whom they are to call today."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import own_shifts, spoken
from phoneline.models import CHECKIN_WAITS, Checkin, CheckinPlan, Person
from phoneline.own_shifts import Stretch
from phoneline.prompts import say
from phoneline.recurrence import day_around
from phoneline.states import PlanKind
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


def checkins_due(session: Session, person_id: str, zone: ZoneInfo, now: datetime) -> Sequence[Checkin]:
    """Check-ins that this volunteer makes, open and due by the end of their day, earliest first."""
    _, midnight = day_around(now, zone)
    return session.scalars(
        select(Checkin)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .where(CHECKIN_WAITS, Checkin.kind == PlanKind.VOLUNTEER, CheckinPlan.volunteer_id == person_id)
        .where(Checkin.due_at < midnight)
        .order_by(Checkin.due_at, Checkin.id)
    ).all()


def checkins_said(session: Session, person: Person, language: str, zone: ZoneInfo, now: datetime) -> Sequence[Say]:
    """Whom to call today, by first name and time."""
    due = checkins_due(session, person.id, zone, now)
    if not due:
        return [say("menu_no_checkins", language)]
    read = [
        say(
            "menu_checkin",
            language,
            name=one.person.first_name,
            when=spoken.when(one.due_at, now, zone, language),
        )
        for one in due[:MOST_CHECKINS]
    ]
    return [say("menu_checkins_today", language), *read]
