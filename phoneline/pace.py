"""One pace for all calls that we place, whatever process places them."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline.db import changed, insert_or_ignore
from phoneline.models import Pace

MARGIN = 1.02
"""Calls are spaced a little wider than asked: what leaves evenly may arrive at the carrier a little less evenly."""


def take_turn(session: Session, account_sid: str, calls_per_second: float, now: datetime) -> datetime | None:
    """Take the right to place one call now; None if it was taken, else the instant of the next turn."""
    interval = timedelta(seconds=MARGIN / calls_per_second)
    take = update(Pace).where(Pace.account_sid == account_sid, Pace.next_at <= now).values(next_at=now + interval)
    if changed(session, take) == 1 or insert_or_ignore(session, Pace, account_sid=account_sid, next_at=now + interval):
        return None
    next_at = session.scalars(select(Pace.next_at).where(Pace.account_sid == account_sid)).one()
    # A rate that was raised meanwhile, or a clock that was set back, must not leave us waiting for an old turn.
    if next_at > now + interval:
        session.execute(update(Pace).where(Pace.account_sid == account_sid).values(next_at=now + interval))
        return now + interval
    return next_at
