"""Who wants no texts: kept for the number, and for the person where the number is one person's alone."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from phoneline.db import insert_or_ignore
from phoneline.models import TextOptOut

BY_TEXT = "text"
BY_CARRIER = "carrier"


def stands(session: Session, number_hash: str, person_id: str | None) -> bool:
    """Whether this number, or this person on any number, wants no texts."""
    theirs = TextOptOut.number_hash == number_hash
    if person_id is not None:
        theirs = or_(theirs, TextOptOut.person_id == person_id)
    return (
        session.scalars(select(TextOptOut.id).where(TextOptOut.ended_at.is_(None), theirs).limit(1)).first() is not None
    )


def opt_out(session: Session, number_hash: str, person_id: str | None, how: str, now: datetime) -> None:
    """No texts from now on. Said again it changes nothing."""
    insert_or_ignore(
        session, TextOptOut, number_hash=number_hash, person_id=person_id, since=now, how=how, ended_at=None
    )


def opt_in(session: Session, number_hash: str, person_id: str | None, now: datetime) -> None:
    """Texts again: the number's own opt-out ends, and whatever else stood for its holder."""
    theirs = TextOptOut.number_hash == number_hash
    if person_id is not None:
        theirs = or_(theirs, TextOptOut.person_id == person_id)
    session.execute(update(TextOptOut).where(TextOptOut.ended_at.is_(None), theirs).values(ended_at=now))
