"""Open shifts: hours that are nobody's yet. Whoever is first takes them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from phoneline.live_settings import LiveSettings
from phoneline.models import ShiftHours
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


def after(session: Session, person_id: str, hours_id: str, live: LiveSettings, now: datetime) -> ShiftHours | None:
    """What to offer next when these hours have been heard; they themselves may be gone."""
    heard = session.get(ShiftHours, hours_id)
    if heard is None:
        return None
    found = takeable(session, person_id, live, now)
    return next((one for one in found if _place(one) > _place(heard)), None)


def _place(hours: ShiftHours) -> tuple[datetime, int, str]:
    return hours.starts_at, hours.tier, hours.id
