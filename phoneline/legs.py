"""The legs that we place: written down, dialled once, followed until they end."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.db import Job, after_commit
from phoneline.models import Leg
from phoneline.states import LegEnd, LegPurpose, LegState

DIAL_HERE = "dial_here"
"""The job that has the process which sends it dial what is due, whatever the queue may hold."""
HEARD_SECONDS = 20
"""Whatever was not heard of for so long is asked about."""
RINGS_ON_SECONDS = 6
"""The carrier lets a telephone ring up to five seconds longer than it was asked to."""
DIALLING_SECONDS = 40
"""A dial that has not come back by then never will: its process is gone."""
END_SECONDS = 3
KIND_WORD_SECONDS = 9
"""A volunteer who has picked up hears a word before their leg ends; whatever is still there later is ended again."""
PENDING_SECONDS = 60
"""A leg that nobody could dial for so long is given up: at a slow pace it waits its turn, then the moment is past."""


def new_token() -> str:
    """Random and URL-safe; nobody guesses it."""
    return secrets.token_urlsafe(18)


def priority(purpose: LegPurpose) -> int:
    """The place in the order of work."""
    return list(LegPurpose).index(purpose)


def write_down(
    session: Session, purpose: LegPurpose, number: str, ring_seconds: int, now: datetime, digits: str | None = None
) -> Leg:
    """A leg that is still to be dialled. The digits are keyed once somebody picks up."""
    leg = Leg(
        token=new_token(),
        purpose=purpose,
        priority=priority(purpose),
        number=number,
        digits=digits,
        ring_seconds=ring_seconds,
        state=LegState.PENDING,
        created_at=now,
        check_at=now + timedelta(seconds=PENDING_SECONDS),
    )
    session.add(leg)
    session.flush()
    return leg


def begin_dialling(leg: Leg, now: datetime) -> None:
    """The carrier is about to be asked. From here on the leg may ring, whatever we hear."""
    leg.state = LegState.DIALLING
    leg.dialled_at = now
    leg.check_at = now + timedelta(seconds=DIALLING_SECONDS)


def heard_of(leg: Leg, sid: str, now: datetime) -> bool:
    """A callback with the leg's token names its id. True if it is this leg's; adopts it if the dial hasn't returned."""
    if leg.carrier_sid is None and leg.state in {LegState.DIALLING, LegState.UNKNOWN}:
        leg.carrier_sid = sid
        leg.state = LegState.PLACED
    if leg.carrier_sid != sid:
        return False
    leg.check_at = ask_at(leg, now)
    leg.not_there_at = None
    return True


def ask_at(leg: Leg, now: datetime) -> datetime:
    """When to ask about a leg that was heard of now. One that only rings is over soon after the time it may ring."""
    rings = HEARD_SECONDS if leg.answered_at else leg.ring_seconds + RINGS_ON_SECONDS
    return now + timedelta(seconds=min(HEARD_SECONDS, rings))


def close(leg: Leg, end: LegEnd, at: datetime) -> bool:
    """The leg is over. False if that was known already."""
    if leg.state is LegState.ENDED:
        return False
    leg.state = LegState.ENDED
    leg.end = end
    leg.ended_at = at
    return True


def want_end(session: Session, leg: Leg, now: datetime) -> None:
    """The leg is no longer needed. One that was never dialled is over at once; others are ended at the carrier."""
    # In this very instant somebody may be dialling what was still pending when we read it.
    session.refresh(leg, with_for_update={"of": Leg, "key_share": True})
    want_held_end(session, leg, now)


def want_held_end(session: Session, leg: Leg, now: datetime) -> None:
    """As `want_end`, of a leg that is held and was read afresh."""
    if leg.state is LegState.PENDING:
        close(leg, LegEnd.CANCELLED, now)
    elif leg.state is not LegState.ENDED and leg.end_wanted_at is None:
        leg.end_wanted_at = now
        leg.check_at = now + timedelta(seconds=KIND_WORD_SECONDS if leg.answered_at else END_SECONDS)
        after_commit(session, Job("end_leg", leg.id))


def by_token(session: Session, token: str) -> Leg | None:
    return session.scalars(select(Leg).where(Leg.token == token)).one_or_none()
