"""Thanks within the team: to one, or to everybody. They stand in the week's letter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from phoneline import twice
from phoneline.models import Thanks

LONGEST = 300


def say(session: Session, words: str, from_id: str, to_id: str | None, now: datetime) -> Thanks:
    """Thanks to one of the team; to everybody without `to_id`. Pressed twice they are said once."""
    lately = select(Thanks).where(Thanks.from_id == from_id, Thanks.to_id == to_id, Thanks.at > now - twice.MOMENT)
    there: Thanks | None = twice.found(session, lately, lambda one: one.words == words[:LONGEST])
    if there is not None:
        return there
    said = Thanks(at=now, from_id=from_id, to_id=to_id, words=words[:LONGEST])
    session.add(said)
    session.flush()
    return said


def take_back(session: Session, thanks_id: str, from_id: str) -> bool:
    """What somebody said themselves. False if it isn't theirs, or gone."""
    found = session.get(Thanks, thanks_id)
    if found is None or found.from_id != from_id:
        return False
    session.delete(found)
    return True


def between(session: Session, since: datetime, until: datetime) -> Sequence[Thanks]:
    """Those said in [since, until), in order."""
    found = select(Thanks).where(Thanks.at >= since, Thanks.at < until)
    people = (joinedload(Thanks.sender), joinedload(Thanks.receiver))
    return session.scalars(found.options(*people).order_by(Thanks.at, Thanks.id)).all()
