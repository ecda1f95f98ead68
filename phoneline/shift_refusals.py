"""Why somebody can't be given hours. Each way in which hours change hands asks here."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours
from phoneline.roster_states import Refusal
from phoneline.states import Role


def refusal(
    session: Session,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    live: LiveSettings,  # noqa: ARG001 - the line's week and its limits
    now: datetime,
    but_for: Collection[str] = (),
) -> Refusal | None:
    """Why this volunteer can't be on in [starts_at, ends_at); None if they can. Hold the person's row.

    `but_for`: ids of hours that don't count, since they give them away in the same act.
    """
    if ends_at <= now:
        return Refusal.PAST
    if not person.ready or not person.has(Role.VOLUNTEER):
        return Refusal.NOT_READY
    meets = select(ShiftHours.id).where(
        ShiftHours.person_id == person.id,
        ShiftHours.starts_at < ends_at,
        ShiftHours.ends_at > starts_at,
        ShiftHours.ends_at > ShiftHours.starts_at,
        ShiftHours.id.not_in(but_for),
    )
    return Refusal.CLASHES if session.scalars(meets.limit(1)).first() is not None else None
