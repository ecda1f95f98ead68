"""Who wants no texts: kept for the number, and for the person where the number is one person's alone."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from phoneline.db import changed, insert_or_ignore
from phoneline.models import TextOptOut

BY_TEXT = "text"
"""In words that the carrier doesn't understand by itself."""
BY_WORD = "word"
"""With a word that the carrier understands too, and keeps."""
BY_CARRIER = "carrier"
"""The carrier told us so, when we wanted to send a text."""


def _theirs(number_hash: str, person_id: str | None) -> ColumnElement[bool]:
    """What stands for this number, or for this person on any number."""
    theirs = TextOptOut.number_hash == number_hash
    return and_(
        TextOptOut.ended_at.is_(None), theirs if person_id is None else or_(theirs, TextOptOut.person_id == person_id)
    )


def stands(session: Session, number_hash: str, person_id: str | None) -> bool:
    """Whether this number, or this person on any number, wants no texts."""
    return session.scalars(select(TextOptOut.id).where(_theirs(number_hash, person_id)).limit(1)).first() is not None


def carrier_knows(session: Session, number_hash: str) -> bool:
    """Whether the carrier keeps an opt-out of this number too, and so answers by itself when it ends."""
    known = TextOptOut.how.in_((BY_WORD, BY_CARRIER))
    return session.scalars(select(TextOptOut.id).where(_theirs(number_hash, None), known).limit(1)).first() is not None


def opt_out(session: Session, number_hash: str, person_id: str | None, how: str, now: datetime) -> bool:
    """No texts from now on. False if that stood already."""
    return insert_or_ignore(
        session, TextOptOut, number_hash=number_hash, person_id=person_id, since=now, how=how, ended_at=None
    )


def opt_in(session: Session, number_hash: str, person_id: str | None, now: datetime) -> bool:
    """Texts again: the number's own opt-out ends, and whatever else stood for its holder. False if nothing stood."""
    end = update(TextOptOut).where(_theirs(number_hash, person_id)).values(ended_at=now)
    return changed(session, end) > 0
