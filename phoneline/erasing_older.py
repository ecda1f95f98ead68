"""Calls from somebody's number that were never tied to them: looked through after they were erased, a few at a time.

A call's number is encrypted and has no hash, so each is opened. `retention` keeps them few.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.erasing_rows import forget_contacts
from phoneline.models import Call, Contact, Leg, RightsRequest
from phoneline.states import CallState

MOST = 500


def begin(hashes: Sequence[str]) -> dict[str, Any] | None:
    """What `look_on` goes by; None where there is nothing to look for."""
    return {"hashes": list(hashes), "at": None, "id": ""} if hashes else None


def look_on(session: Session, request: RightsRequest, now: datetime) -> None:
    """The next few calls. When all were looked through, the hashes are forgotten too."""
    seek = request.seek
    if seek is None:
        return
    rows = _next(session, seek)
    key, hashes = lookup_key(session), frozenset(seek["hashes"])
    theirs = [row.id for row in rows if lookup_hash(key, row.number) in hashes]
    if theirs:
        of_calls = select(Contact.id).where(Contact.call_id.in_(theirs))
        forget_contacts(session, of_calls, request.id, now)
        placed = select(Call.leg_id).where(Call.id.in_(theirs), Call.leg_id.is_not(None))
        session.execute(update(Leg).where(Leg.id.in_(placed)).values(number=None, digits=None))
        session.execute(update(Call).where(Call.id.in_(theirs)).values(number=None))
    over = len(rows) < MOST
    request.seek = None if over else {**seek, "at": rows[-1].started_at.isoformat(), "id": rows[-1].id}


def _next(session: Session, seek: dict[str, Any]) -> Sequence[Any]:
    query = select(Call.id, Call.started_at, Call.number).where(
        Call.person_id.is_(None), Call.number.is_not(None), Call.state == CallState.ENDED
    )
    if seek["at"] is not None:
        at = datetime.fromisoformat(seek["at"])
        query = query.where(or_(Call.started_at > at, and_(Call.started_at == at, Call.id > seek["id"])))
    return session.execute(query.order_by(Call.started_at, Call.id).limit(MOST)).all()
