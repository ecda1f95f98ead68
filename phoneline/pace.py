"""One pace for all calls that we place, whatever process places them.

Each call has a *turn*: the instant at which the carrier is asked for it. Turns are taken a little ahead, so that what
has to be looked up and written down before a call is done by then. They lie evenly while all goes well. Whoever was
held up may catch up, as long as no second sees more calls than it may: that is judged by the calls themselves, which
say when they went out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.db import insert_or_ignore
from phoneline.models import Leg, Pace

MARGIN = 1.012
"""Turns are planned a little wider than asked: so whoever was late can be made up for."""
LEAST_MARGIN = 1.006
"""As wide at least: what leaves evenly arrives at the carrier a little less evenly."""
HURRY = 3
"""Whoever makes up for what was missed goes so many times as fast."""
CATCH_UP = timedelta(seconds=0.25)
"""So much of what was missed may be made up for."""


def interval(calls_per_second: float) -> timedelta:
    """From one turn to the next."""
    return timedelta(seconds=MARGIN / calls_per_second)


def next_turn(session: Session, account_sid: str, calls_per_second: float, now: datetime, ahead: timedelta) -> datetime:
    """The earliest turn that is still free. It isn't taken by asking."""
    planned = planned_turn(session, account_sid, calls_per_second, now, ahead)
    return max(now, planned, _allowed(session, calls_per_second, now, but=""))


def planned_turn(
    session: Session, account_sid: str, calls_per_second: float, now: datetime, ahead: timedelta
) -> datetime:
    """No turn is free before this one, which may be past."""
    next_at = session.scalars(select(Pace.next_at).where(Pace.account_sid == account_sid)).one_or_none()
    return _planned(next_at, calls_per_second, now, ahead)


def take_turn(
    session: Session, account_sid: str, calls_per_second: float, now: datetime, ahead: timedelta, leg_id: str
) -> datetime | None:
    """Take the next turn, for this leg; None if that is further ahead than `ahead`, and nothing is taken then.

    The leg's `dialled_at` becomes the turn, in the same transaction. Whoever else takes one waits until this is over.
    """
    row = _held(session, account_sid, now)
    planned = _planned(row.next_at, calls_per_second, now, ahead)
    turn = max(now, planned, _allowed(session, calls_per_second, now, but=leg_id))
    if turn > now + ahead:
        return None
    row.next_at = max(planned, now - CATCH_UP) + interval(calls_per_second)
    return turn


def take_another(session: Session, account_sid: str, calls_per_second: float, now: datetime, leg_id: str) -> datetime:
    """A turn for a leg that has missed its own, behind all that are taken."""
    _held(session, account_sid, now)
    return max(now, _allowed(session, calls_per_second, now, but=leg_id))


def hold(session: Session, account_sid: str, now: datetime) -> None:
    """From here to the end of the transaction nobody else claims work or takes a turn."""
    _held(session, account_sid, now)


def _held(session: Session, account_sid: str, now: datetime) -> Pace:
    held = select(Pace).where(Pace.account_sid == account_sid).with_for_update()
    row = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        insert_or_ignore(session, Pace, account_sid=account_sid, next_at=now)
        row = session.scalars(held).one()
    return row


def _planned(next_at: datetime | None, calls_per_second: float, now: datetime, ahead: timedelta) -> datetime:
    """The next evenly spaced turn, which may be past.

    A rate that was raised meanwhile, or a clock that was set back, must not leave us waiting for an old one.
    """
    if next_at is None:
        return now
    return next_at if next_at <= now + ahead + interval(calls_per_second) else now


def _allowed(session: Session, calls_per_second: float, now: datetime, but: str) -> datetime:
    """From when on one more call is within the rate, whatever has held up or hurried those before."""
    most = ceil(calls_per_second)
    window = timedelta(seconds=LEAST_MARGIN * most / calls_per_second)
    last = _last(session, most, now - window, but)
    if not last:
        return now
    soonest = last[0] + interval(calls_per_second) / HURRY
    return max(soonest, last[-1] + window) if len(last) == most else soonest


def _last(session: Session, most: int, since: datetime, but: str) -> Sequence[datetime]:
    """When the last so many calls go out or went out, latest first."""
    found = select(Leg.dialled_at).where(Leg.dialled_at > since, Leg.id != but)
    return [at for at in session.scalars(found.order_by(Leg.dialled_at.desc()).limit(most)) if at is not None]
