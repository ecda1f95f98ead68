"""Shifts that a volunteer may take: hours that are nobody's, or that others give away. Whoever is first has them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from phoneline import cover_requests
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours
from phoneline.shift_refusals import standing
from phoneline.shift_states import why_not

MOST = 200
_Own = aliased(ShiftHours)


def available(session: Session, person_id: str, now: datetime) -> Sequence[ShiftHours]:
    """Open hours that haven't ended and at which this volunteer isn't on anyway, earliest first."""
    on_anyway = exists().where(
        _Own.person_id == person_id, _Own.starts_at < ShiftHours.ends_at, _Own.ends_at > ShiftHours.starts_at
    )
    return session.scalars(
        select(ShiftHours)
        .where(ShiftHours.person_id.is_(None), ~ShiftHours.off, ShiftHours.ends_at > now, ~on_anyway)
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
        .limit(MOST)
    ).all()


def takeable(session: Session, person_id: str, live: LiveSettings, now: datetime) -> Sequence[ShiftHours]:
    """Those of them that this volunteer could be given: no limit of theirs stands against it."""
    found = available(session, person_id, now)
    if not found:
        return []
    who = standing(session, person_id, (found[0].starts_at, max(one.ends_at for one in found)), live)
    return [
        one
        for one in found
        if why_not(who, (one.starts_at, one.ends_at), live.home.zone, now, shadow=one.shadow) is None
    ]


def next_for(
    session: Session, person: Person, heard: ShiftHours | None, live: LiveSettings, now: datetime
) -> ShiftHours | None:
    """What to offer after these hours, or first: nobody's, or what others give away."""
    given = [request.hours for request in cover_requests.open_for(session, person, live, now)]
    found = sorted([*takeable(session, person.id, live, now), *given], key=_place)
    return next((one for one in found if heard is None or _place(one) > _place(heard)), None)


def _place(hours: ShiftHours) -> tuple[datetime, int, str]:
    return hours.starts_at, hours.tier, hours.id
