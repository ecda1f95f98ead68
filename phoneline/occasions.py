"""One check-in changed by a person's word: skipped, or moved. One that is being called stays as it is."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import checkins
from phoneline.states import CheckinReason, CheckinState

_WAITS = frozenset({CheckinState.DUE, CheckinState.WAITING})


def skip(session: Session, checkin_id: str, reason: CheckinReason) -> bool:
    """Nobody is rung for it. False if it is being called, a promise is open on it, or it has ended."""
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in _WAITS or checkin.hands_off_at is not None:
        return False
    checkins.skip(checkin, reason)
    return True


def unskip(session: Session, checkin_id: str, now: datetime) -> bool:
    """Take `skip` back, by hand only. False if it wasn't skipped by hand, or its time has passed."""
    checkin = checkins.locked(session, checkin_id)
    by_hand = checkin.state is CheckinState.SKIPPED and checkin.reason is CheckinReason.BY_HAND
    if not by_hand or checkin.attempt_due_at <= now:
        return False
    checkin.state = CheckinState.WAITING if checkin.attempts_used else CheckinState.DUE
    checkin.reason = None
    return True


def move(session: Session, checkin_id: str, at: datetime) -> bool:
    """Its next attempt is due at another time. False where `skip` is."""
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in _WAITS or checkin.hands_off_at is not None:
        return False
    checkin.attempt_due_at = checkin.dial_after = at
    return True
