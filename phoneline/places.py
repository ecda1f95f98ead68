"""Where a caller stands among those who wait: on the line, or for a call-back that was promised."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from phoneline.models import CALL_IS_LIVE, CALLBACK_WAITS, TRY_IS_LIVE, Call, Callback, CallbackTry
from phoneline.states import CallState


def on_the_line(heard_until: datetime) -> ColumnElement[bool]:
    """Callers who wait on the line. Whose `check_at` lies before `heard_until` may have gone and isn't counted."""
    return and_(
        CALL_IS_LIVE,
        Call.check_at >= heard_until,
        Call.state == CallState.WAITING,
        Call.safe_document_at.is_(None),
    )


def place_of(session: Session, call: Call, now: datetime, heard_until: datetime) -> int | None:
    """1 for who is next; None if nobody else waits."""
    sought, waits = (one.scalar_subquery() for one in _promised(call, now))
    others, earlier, promised = session.execute(_others(call, heard_until).add_columns(sought + waits)).one()
    return earlier + promised + 1 if others or promised else None


def _others(call: Call, heard_until: datetime) -> Select[int, int]:
    """How many others wait, and how many of them are before this one."""
    before = tuple_(Call.started_at, Call.id) < tuple_(literal(call.started_at, Call.started_at.type), literal(call.id))
    return select(func.count(), func.count().filter(before)).where(on_the_line(heard_until), Call.id != call.id)


def _promised(call: Call, now: datetime) -> Sequence[Select[int]]:
    """Call-backs for which somebody is rung now, and those that keep a place before this one and are to be made now."""
    sought = (
        select(func.count(CallbackTry.id))
        .join(Call, Call.id == CallbackTry.call_id)
        .where(TRY_IS_LIVE, Call.state == CallState.SEEKING)
    )
    waits = select(func.count(Callback.id)).where(
        CALLBACK_WAITS, Callback.next_try_at <= now, Callback.place_at < call.started_at
    )
    # Its own calls: not those that it is asked beside.
    return sought.correlate(None), waits
