"""Whether a caller is put through: asked once, when they call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import blocks, daily_limits
from phoneline.allowance import Allowance
from phoneline.documents import turned_away
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.people import KnownCaller
from phoneline.states import CallState
from phoneline.steps import Document


@dataclass(frozen=True)
class Admission:
    """How their call begins, and in which language if nobody knew it otherwise."""

    state: CallState = CallState.GREETING
    language: str | None = None
    allowance: Allowance | None = None
    """What they have left today, if something was agreed."""


def of_caller(
    session: Session, caller: KnownCaller | None, number_hash: str | None, line_zone: ZoneInfo, now: datetime
) -> Admission:
    """Who withheld their number is always put through: nobody knows who they are."""
    block = blocks.standing(session, caller.person_id if caller else None, number_hash, now)
    if block is not None:
        return Admission(CallState.BLOCKED, block.language)
    allowance = daily_limits.today(session, caller.person_id, line_zone, now) if caller else None
    used_up = allowance is not None and allowance.is_used_up
    return Admission(CallState.USED_UP if used_up else CallState.GREETING, allowance=allowance)


def of_peer(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document | None:
    """What a blocked peer hears who wants to talk during a check-in; None when they may. A person has to see to it."""
    if call.state is CallState.CHECKIN and blocks.standing(session, call.person_id, None, now) is not None:
        call.state = CallState.BLOCKED
    return turned_away.blocked(call, live) if call.state is CallState.BLOCKED else None
