"""Who could be rung for a call, now or soon. Asked of the database without reading the whole roster."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from phoneline import matching, rosters
from phoneline.models import CALL_IS_LIVE, Call, Handover, Leg, Offer, Person, Practice
from phoneline.models.base import NOW
from phoneline.states import LegState

Now = datetime | ColumnElement[datetime]
_CALLER = bindparam("caller", type_=String())


def rested(now: Now) -> ColumnElement[bool]:
    """Offers whose leg has ended and whose wrap-up has run out: nobody is held by them any more."""
    ended = select(Leg.id).where(Leg.id == Offer.leg_id, Leg.state == LegState.ENDED)
    return and_(Offer.wrap_up_until <= now, ended.correlate(Offer).exists())


def _held(now: Now) -> Sequence[tuple[InstrumentedAttribute[Any], Select[Any]]]:
    """Who is being rung, talking or wrapping up; on the line as a caller or peer; brought into a call; or practises.

    Each a list of what goes on now, however many were on the telephone before.
    """
    on_offer = or_(Offer.wrap_up_until.is_(None), not_(rested(now)))
    return (
        (Offer.volunteer_id, select(Offer.volunteer_id).where(Offer.released_at.is_(None), on_offer)),
        (Call.person_id, select(Call.person_id).where(CALL_IS_LIVE, Call.person_id.is_not(None))),
        (Handover.person_id, brought_in()),
        (Practice.person_id, select(Practice.person_id).where(Practice.over_at.is_(None))),
    )


def brought_in() -> Select[str | None]:
    """Who is rung for a call, or is in one, as its coordinator."""
    return select(Handover.person_id).where(Handover.ended_at.is_(None), Handover.person_id.is_not(None))


def busy(session: Session, ids: Sequence[str], now: datetime) -> set[str]:
    """Who of these is held by anything."""
    return {str(one) for whose, rows in _held(now) for one in session.scalars(rows.where(whose.in_(ids)))}


IS_FREE = and_(*(Person.id.not_in(rows.correlate(None)) for _, rows in _held(NOW)))
"""Nothing holds this person."""
OF_CALL = rosters.WHO_IS_ON.where(Person.id != _CALLER, Person.id.not_in(matching.apart(_CALLER)))
"""Who is on shift for a call, busy or not: all but the caller themself and who is kept apart from them."""
_ANYBODY = OF_CALL.limit(1)
_ANYBODY_AMONG = OF_CALL.where(Person.id.in_(bindparam("among", expanding=True))).limit(1)
_ANYBODY_FREE = OF_CALL.where(IS_FREE).limit(1)


def asked_for(call: Call | None, now: datetime) -> Mapping[str, Any]:
    """What `OF_CALL` has to know: of a call, or of none in particular."""
    return {**rosters.at(now), "caller": (call.person_id if call is not None else None) or ""}


def is_anybody_on(session: Session, call: Call, now: datetime, among: Sequence[str] | None = None) -> bool:
    """Whether the call's team has anybody: of these, or at all."""
    if among is None:
        return session.execute(_ANYBODY, asked_for(call, now)).first() is not None
    return session.execute(_ANYBODY_AMONG, {**asked_for(call, now), "among": among}).first() is not None


def is_anybody_free(session: Session, now: datetime, call: Call | None = None) -> bool:
    """Whether somebody on shift could be rung at once: for this call, or for any."""
    return session.execute(_ANYBODY_FREE, asked_for(call, now)).first() is not None
