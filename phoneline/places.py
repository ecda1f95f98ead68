"""Where a caller stands among those who wait."""

from datetime import datetime

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from phoneline.models import CALL_IS_LIVE, Call
from phoneline.states import CallState


def place_of(session: Session, call: Call, heard_until: datetime) -> int | None:
    """1 for who came first of those who wait; None if nobody else does.

    Whose `check_at` lies before `heard_until` may have gone and isn't counted.
    """
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
    return earlier + 1 if others else None
