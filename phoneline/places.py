"""Where a caller stands among those who wait: on the line, or for a call-back that was promised."""

from datetime import datetime

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from phoneline.models import CALL_IS_LIVE, CALLBACK_WAITS, TRY_IS_LIVE, Call, Callback, CallbackTry
from phoneline.states import CallState


def place_of(session: Session, call: Call, now: datetime, heard_until: datetime) -> int | None:
    """1 for who is next; None if nobody else waits.

    Whose `check_at` lies before `heard_until` may have gone and isn't counted.
    """
    others, earlier = _on_the_line(session, call, heard_until)
    promised = _promised(session, call, now)
    return earlier + promised + 1 if others or promised else None


def _on_the_line(session: Session, call: Call, heard_until: datetime) -> tuple[int, int]:
    """How many others wait, and how many of them are before this one."""
    before = tuple_(Call.started_at, Call.id) < tuple_(literal(call.started_at, Call.started_at.type), literal(call.id))
    others, earlier = session.execute(
        select(func.count(), func.count().filter(before)).where(
            CALL_IS_LIVE,
            Call.check_at >= heard_until,
            Call.state == CallState.WAITING,
            Call.safe_document_at.is_(None),
            Call.id != call.id,
        )
    ).one()
    return others, earlier


def _promised(session: Session, call: Call, now: datetime) -> int:
    """Call-backs for which somebody is rung now, and those that keep a place before this one and are to be made now."""
    sought = (
        select(func.count(CallbackTry.id))
        .join(Call, Call.id == CallbackTry.call_id)
        .where(TRY_IS_LIVE, Call.state == CallState.SEEKING)
    )
    waits = select(func.count(Callback.id)).where(
        CALLBACK_WAITS, Callback.next_try_at <= now, Callback.place_at < call.started_at
    )
    return session.scalars(sought).one() + session.scalars(waits).one()
