"""Which volunteers were asked to make a check-in that nobody has made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import CheckinTry, Offer, Person
from phoneline.states import OfferResult


@dataclass(frozen=True)
class Asked:
    """The last time that one volunteer was asked, and what came of it."""

    at: datetime
    volunteer: str
    result: OfferResult | None


def of_checkins(session: Session, checkin_ids: Sequence[str]) -> Mapping[str, Sequence[Asked]]:
    """By the check-in's id, whoever was asked last at the end."""
    if not checkin_ids:
        return {}
    rows: Iterable[Any] = session.execute(
        select(CheckinTry.checkin_id, Person.id, Offer.offered_at, Person.name, Offer.result)
        .join(Offer, Offer.call_id == CheckinTry.call_id)
        .join(Person, Person.id == Offer.volunteer_id)
        .where(CheckinTry.checkin_id.in_(checkin_ids))
        .order_by(Offer.offered_at, Offer.id)
    )
    found: dict[str, dict[str, Asked]] = {}
    for checkin_id, volunteer_id, at, name, result in rows:
        theirs = found.setdefault(checkin_id, {})
        theirs.pop(volunteer_id, None)
        theirs[volunteer_id] = Asked(at, name, result)
    return {checkin_id: list(theirs.values()) for checkin_id, theirs in found.items()}
