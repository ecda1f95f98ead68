"""A call for which a volunteer is asked first: the peer is rung once somebody has taken it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from phoneline import legs
from phoneline.models import Call
from phoneline.states import CallState, Direction


def write_down(session: Session, person_id: str | None, number: str, language: str, now: datetime) -> Call:
    """The call, still without a leg."""
    call = Call(
        token=legs.new_token(),
        direction=Direction.OUTBOUND,
        person_id=person_id,
        number=number,
        language=language,
        state=CallState.SEEKING,
        started_at=now,
        wait_began_at=now,
        # Nothing is heard of it until the peer's leg is there, and that has a sweep of its own.
        check_at=now + timedelta(days=1),
    )
    session.add(call)
    session.flush()
    return call
