"""How the line itself is: what the carrier made of our last calls, when the last call was, and what `health` finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.current import the_line
from phoneline import health
from phoneline.db import Database
from phoneline.models import Call, Leg
from phoneline.states import LegState

MOST_DIALS = 20
LASTS = timedelta(seconds=5)
"""So long what was found of queue, workers and clock is taken for true: asking opens connections."""

_kept: WeakKeyDictionary[Database, tuple[datetime, Mapping[str, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Carrier:
    """When the carrier last took a call of ours, when one could last not be placed, and how many in a row by now."""

    placed_at: datetime | None = None
    failed_at: datetime | None = None
    failed_in_a_row: int = 0


def carrier(session: Session) -> Carrier:
    """From the latest dials. What is being dialled in this moment says nothing yet."""
    found: Sequence[Any] = session.execute(
        select(Leg.dialled_at, Leg.carrier_sid.is_not(None))
        .where(Leg.dialled_at.is_not(None), Leg.state != LegState.DIALLING, Leg.state != LegState.PENDING)
        .order_by(Leg.dialled_at.desc())
        .limit(MOST_DIALS)
    ).all()
    placed = [at for at, taken in found if taken]
    failed = [at for at, taken in found if not taken]
    in_a_row = next((index for index, (_at, taken) in enumerate(found) if taken), len(found))
    return Carrier(next(iter(placed), None), next(iter(failed), None), in_a_row)


def last_call(session: Session) -> datetime | None:
    """When the last call of a caller or a called peer began."""
    return session.scalars(
        select(Call.started_at).where(Call.carrier_sid.is_not(None)).order_by(Call.started_at.desc()).limit(1)
    ).first()


def parts() -> Mapping[str, str]:
    """As `health.check`, asked at most every few seconds however many pages are open."""
    line = the_line()
    found = _kept.get(line.database)
    if found is None or not timedelta() <= line.now - found[0] < LASTS:
        found = (line.now, health.check(line))
        _kept[line.database] = found
    return found[1]
