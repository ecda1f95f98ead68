"""A few neutral words on a peer's answering machine, where they allow it: after the last attempt, once an occasion.

A carrier's verdict is no certainty. Whoever presses a key is a person, and nothing is done to their leg.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkins, plan_settings
from phoneline.db import Job, after_commit
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call, Leg
from phoneline.states import LegPurpose, PlanKind, PlanVoicemail

LEAVE = "leave_message"
"""The job that sends the leg to those words."""


def may_be_left(session: Session, leg: Leg, live: LiveSettings) -> bool:
    """Whether a machine that answers this leg, just being dialled, gets a message."""
    attempt = _attempt(session, leg)
    return attempt is not None and _is_due(attempt, live)


def leave(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """A machine has said its greeting. Hold the leg's call."""
    attempt = _attempt(session, leg)
    if attempt is None or not _is_due(attempt, live) or not is_still_open(attempt):
        return
    checkins.locked(session, attempt.checkin_id)
    attempt.message_at = now
    after_commit(session, Job(LEAVE, attempt.id))


def is_still_open(attempt: Attempt) -> bool:
    """Whether the leg goes on and nobody has pressed a key."""
    return attempt.pressed_at is None and attempt.result is None


def _attempt(session: Session, leg: Leg) -> Attempt | None:
    if leg.purpose is not LegPurpose.CHECKIN:
        return None
    of_leg = select(Attempt).join(Call, Call.id == Attempt.call_id).where(Call.leg_id == leg.id)
    return session.scalars(of_leg).one_or_none()


def _is_due(attempt: Attempt, live: LiveSettings) -> bool:
    checkin = attempt.checkin
    plan = checkin.plan
    last = checkin.attempts_used + 1 >= plan_settings.attempts(plan, live)
    if plan.kind is not PlanKind.AUTOMATED or not last or not _allowed(attempt):
        return False
    return all(one.message_at is None for one in checkin.attempts)


def _allowed(attempt: Attempt) -> bool:
    plan, person = attempt.checkin.plan, attempt.checkin.person
    return person.voicemail_ok if plan.voicemail is None else plan.voicemail is PlanVoicemail.NEUTRAL
