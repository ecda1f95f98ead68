"""A volunteer's own call to the line, lent to a conversation: it serves as the leg of their offer until given back.

We dialled nobody for such a leg. Hold the row of the volunteer's call, or of the call that the offer is of.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline import legs, progress
from phoneline.carrier.statuses import Status
from phoneline.live_settings import LiveSettings
from phoneline.models import LEG_IS_LIVE, Call, Leg, Person
from phoneline.states import LegEnd, LegPurpose, LegState

_OVER = Status(live=False, answered=True, end=LegEnd.COMPLETED)


def lend(session: Session, own: Call, volunteer: Person, now: datetime) -> Leg:
    """A leg that is the volunteer's own call. What the call was lent for before hears no more of it."""
    session.execute(update(Leg).where(Leg.carrier_sid == own.carrier_sid).values(carrier_sid=None))
    leg = legs.write_down(session, LegPurpose.OFFER, volunteer.numbers[0].number, 0, now)
    leg.state, leg.carrier_sid, leg.answered_at = LegState.PLACED, own.carrier_sid, now
    leg.check_at = now + timedelta(seconds=legs.HEARD_SECONDS)
    session.flush()
    return leg


def lent(session: Session, own: Call) -> Leg | None:
    """What the volunteer's own call is lent as now, if it is."""
    return session.scalars(select(Leg).where(Leg.carrier_sid == own.carrier_sid, LEG_IS_LIVE)).one_or_none()


def own_call(session: Session, leg: Leg) -> Call | None:
    """The volunteer's own call that the leg is; not held."""
    return session.scalars(select(Call).where(Call.carrier_sid == leg.carrier_sid)).one_or_none()


def give_back(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The conversation needs it no more, and the volunteer goes on in their call. Again it changes nothing."""
    progress.told(session, leg, _OVER, live, now, now)


def hung_up(session: Session, own: Call, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The volunteer's own call has ended, and so has what it was lent as."""
    leg = lent(session, own)
    if leg is not None:
        progress.status(session, leg, _OVER, live, at, now)
