"""Somebody who isn't on a call of a peer's, but is called about one: their leg, if the request is really theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import legs, progress
from phoneline.models import Leg
from phoneline.states import LegPurpose


def leg_of(session: Session, token: str, purpose: LegPurpose, sid: str, now: datetime) -> Leg | None:
    """The leg of this address, held with what it serves. None for a stale address, or another leg's id."""
    leg = legs.by_token(session, token)
    if leg is None or leg.purpose is not purpose:
        return None
    return leg if progress.heard_of(session, leg, sid, now) else None
