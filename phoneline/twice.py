"""A button pressed twice in one moment: what has just been written down is found again, not written once more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from phoneline import locks

MOMENT = timedelta(seconds=10)
Row = TypeVar("Row")


def found(session: Session, rows: Select[Any], is_same: Callable[[Row], bool]) -> Row | None:
    """The one of these rows that says the same. Until the transaction ends nobody else looks."""
    locks.hold_in_turn(session.connection(), locks.TWICE)
    return next((one for one in session.scalars(rows) if is_same(one)), None)
