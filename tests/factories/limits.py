"""What is agreed or decided about who talks with whom, and for how long."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import (
    ApartDecision,
    Block,
    DailyLimit,
    Person,
)


def daily_limit(session: Session, who: Person, now: datetime, **given: Any) -> DailyLimit:
    made = DailyLimit(person_id=who.id, agreed_at=now, **given)
    session.add(made)
    session.flush()
    return made


def apart_decision(session: Session, one: str, other: str, now: datetime, **given: Any) -> ApartDecision:
    """Two who are kept apart by a decision on a page."""
    made = ApartDecision(
        person_id=one, other_id=other, created_at=now, **({"strict": True, "reason": "A reason"} | given)
    )
    session.add(made)
    session.flush()
    return made


def block(session: Session, now: datetime, **given: Any) -> Block:
    """Somebody who is not put through: a `person_id`, or a `number`."""
    if "number" in given:
        given["number_hash"] = lookup_hash(lookup_key(session), given["number"])
    made = Block(created_at=now, **({"reason": "A reason"} | given))
    session.add(made)
    session.flush()
    return made
