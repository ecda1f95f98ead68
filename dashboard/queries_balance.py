"""How much each volunteer was and will be on, and how many calls they took: three questions, however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline.models import Offer, ShiftHours


@dataclass(frozen=True)
class On:
    """Hours of somebody who could be rung in them."""

    person_id: str
    starts_at: datetime
    ends_at: datetime


def on(session: Session, since: datetime, until: datetime) -> Sequence[On]:
    """Everybody's hours with a part in [since, until); without those in which somebody learnt."""
    found: Iterable[Any] = session.execute(
        select(ShiftHours.person_id, ShiftHours.starts_at, ShiftHours.ends_at).where(
            ShiftHours.ends_at > since,
            ShiftHours.starts_at < until,
            ShiftHours.person_id.is_not(None),
            ~ShiftHours.shadow,
            ~ShiftHours.off,
        )
    )
    return [On(*row) for row in found]


def conversations(session: Session, since: datetime, until: datetime) -> Mapping[str, int]:
    """In how many each was joined with somebody; calls, call-backs and check-ins alike."""
    found: Iterable[Any] = session.execute(
        select(Offer.volunteer_id, func.count())
        .where(Offer.joined_at >= since, Offer.joined_at < until)
        .group_by(Offer.volunteer_id)
    )
    return dict(iter(found))
