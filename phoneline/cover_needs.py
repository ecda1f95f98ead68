"""The needs that coordinators have written down: made, changed, taken off and put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from phoneline import locks
from phoneline.cover import HOLIDAY, Need
from phoneline.db import changed
from phoneline.models import CoverNeed

MOST = 100
ENDED_SHOWN = timedelta(days=30)
STANDS: ColumnElement[bool] = CoverNeed.ended_at.is_(None)


@dataclass(frozen=True)
class Written:
    """A need, and the row that it stands in."""

    id: str
    need: Need
    ended_at: datetime | None


def all_standing(session: Session) -> Sequence[Need]:
    return [_need(row) for row in session.scalars(select(CoverNeed).where(STANDS))]


def written(session: Session, now: datetime) -> Sequence[Written]:
    """Those that stand, and those taken off of late, in the order in which they were made."""
    shown = or_(STANDS, CoverNeed.ended_at > now - ENDED_SHOWN)
    found = session.scalars(select(CoverNeed).where(shown).order_by(CoverNeed.made_at, CoverNeed.id))
    return [Written(row.id, _need(row), row.ended_at) for row in found]


def _need(row: CoverNeed) -> Need:
    days = frozenset(day for day in range(HOLIDAY + 1) if row.days >> day & 1)
    return Need(days, row.starts, row.ends, row.minimum, row.wished, row.tier)


def write_down(session: Session, need: Need, account_id: str, now: datetime, instead_of: str | None = None) -> bool:
    """From now on, in the place of another one if that is given; once, if it stands already. False: too many stand."""
    # A button pressed twice writes it once.
    locks.hold_in_turn(session.connection(), locks.COVER)
    standing = all_standing(session)
    if instead_of is None and len(standing) >= MOST:
        return False
    if instead_of is not None:
        take_off(session, instead_of, now)
        standing = all_standing(session)
    if need in standing:
        return True
    session.add(
        CoverNeed(
            days=sum(1 << day for day in need.days),
            starts=need.starts,
            ends=need.ends,
            tier=need.tier,
            minimum=need.minimum,
            wished=need.wished,
            made_at=now,
            decided_by=account_id,
        )
    )
    session.flush()
    return True


def take_off(session: Session, need_id: str, now: datetime) -> bool:
    """It holds no more. False if that was so already."""
    return changed(session, update(CoverNeed).where(CoverNeed.id == need_id, STANDS).values(ended_at=now)) == 1


def put_back(session: Session, need_id: str) -> bool:
    """Undo `take_off`."""
    return changed(session, update(CoverNeed).where(CoverNeed.id == need_id, ~STANDS).values(ended_at=None)) == 1
