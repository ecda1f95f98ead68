"""A check-in that a contact written down by hand had settled, when that is taken back (`seen_undo`).

It is as it was, or as it would be by now; whether it is called again is for the clock to judge.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_layout, checkin_tries, checkins, contacts, due_checkins, plan_settings
from phoneline.by_hand import Answer
from phoneline.heard_since import Heard
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Checkin, HandSettled
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    AttemptResult,
    CheckinReason,
    CheckinState,
    ContactOutcome,
    SettledBy,
)


def put_back(
    session: Session, settled: HandSettled, heard: Sequence[Heard], live: LiveSettings, now: datetime
) -> Answer:
    """As it was, or as it would be by now."""
    checkin = checkins.locked(session, settled.checkin_id)
    attempt = session.get(Attempt, settled.attempt_id) if settled.attempt_id is not None else None
    _open_again(checkin, settled.was)
    if attempt is not None and attempt.result is AttemptResult.OK:
        _is_ok(session, checkin, attempt, now)
        return Answer.UNHEARD_SINCE
    if attempt is not None:
        _goes_on(checkin, attempt, live)
    if any(one.settles(checkin) for one in heard):
        _heard_otherwise(checkin, heard)
        return Answer.UNHEARD_SINCE
    if checkin.plan.ended_at is not None or not checkin_layout.is_agreed(session, checkin.plan):
        return _not_called_any_more(checkin)
    if checkin_tries.live_of(session, checkin.id) is None:
        # Quiet hours and caps are looked at anew.
        checkin.dial_after = checkin.attempt_due_at
    session.flush()
    used_up = checkin.attempts_used >= plan_settings.attempts(checkin.plan, live)
    late = used_up or now >= due_checkins.deadline(checkin, live)
    return Answer.UNHEARD_LATE if late and checkin.state is not CheckinState.CALLING else Answer.UNHEARD


def said_ok(session: Session, settled: Iterable[HandSettled]) -> Sequence[Heard]:
    """In a call that was being ended for it."""
    ids = [one.attempt_id for one in settled if one.attempt_id is not None]
    said = select(Attempt).where(Attempt.id.in_(ids), Attempt.result == AttemptResult.OK)
    return [Heard(one.pressed_at or one.at, SettledBy.KEYPAD) for one in session.scalars(said)]


def _is_ok(session: Session, checkin: Checkin, attempt: Attempt, now: datetime) -> None:
    checkins.settle(checkin, CheckinState.OK, SettledBy.KEYPAD, attempt.pressed_at or now)
    line = contacts.of_checkin(session, checkin, attempt.pressed_at or now)
    line.outcome, line.call_id = ContactOutcome.FINE, attempt.call_id


def _open_again(checkin: Checkin, was: CheckinState) -> None:
    checkin.settled_at = checkin.settled_by = checkin.settled_call_id = None
    checkin.state = CheckinState.WAITING if was is CheckinState.CALLING else was


def _goes_on(checkin: Checkin, attempt: Attempt, live: LiveSettings) -> None:
    """It was called off: an attempt that reached nobody, once its leg is over. Nobody is rung twice for it."""
    checkin.state = CheckinState.CALLING
    if attempt.over_at is not None:
        checkins.came_to_nothing(checkin, attempt.call, live, attempt.over_at)


def _heard_otherwise(checkin: Checkin, heard: Iterable[Heard]) -> None:
    """Settled by what would have settled it; heard from on a later day, it wasn't in time, and nobody need act."""
    for one in heard:
        if one.settles(checkin) and checkin.day_from <= one.at < checkin.day_until:
            state = CheckinState.OK if one.by is SettledBy.SMS else CheckinState.TALKED
            checkins.settle(checkin, state, one.by, one.at, call_id=one.call_id)
            return
    checkin.state = CheckinState.UNREACHED if checkin.attempts_used else CheckinState.EXPIRED


def _not_called_any_more(checkin: Checkin) -> Answer:
    reason = CheckinReason.PLAN_ENDED if checkin.plan.ended_at is not None else CheckinReason.STOPPED
    if checkin.state is CheckinState.CALLING:
        # Skipped once its leg is over.
        checkin.reason = reason
    elif checkin.state in OPEN_CHECKIN_STATES:
        checkins.skip(checkin, reason)
    return Answer.UNHEARD_STOPPED
