"""A volunteer who lets it ring again and again is paused, so that callers don't wait for a phone that nobody hears."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from phoneline import locks, pause_notices, pauses
from phoneline.live_settings import LiveSettings
from phoneline.models import Leg, Offer, Pause
from phoneline.rosters import on_shift
from phoneline.states import OfferResult

MISSES = frozenset({OfferResult.NO_ANSWER, OfferResult.BUSY, OfferResult.MACHINE, OfferResult.FAILED})
REACTIONS = frozenset({OfferResult.ACCEPTED, OfferResult.DECLINED})
"""Somebody was there and pressed a key: the row of misses begins anew."""

IS_TOLD = or_(
    Offer.result.in_((MISSES | REACTIONS) - {OfferResult.FAILED}),
    and_(Offer.result == OfferResult.FAILED, Leg.carrier_sid.is_not(None)),
)
"""Offers that say whether somebody was there, joined with their legs: not those that were called off or never rang."""


def pause_if_too_many(session: Session, offer: Offer, live: LiveSettings, now: datetime) -> None:
    """After an offer has ended. Whoever is the last to be rung of those on shift is never paused."""
    if not _is_miss(offer) or not _too_many(session, offer.volunteer_id, live.missed_offers_before_pause):
        return
    # Two who are left may both miss in this instant; the second must see that the first is paused.
    locks.hold_in_turn(session.connection(), locks.PAUSE)
    on = {one.person_id for one in on_shift(session, now)}
    if offer.volunteer_id in on and len(on) > 1 and pauses.for_misses(session, offer.volunteer_id, now):
        pause_notices.tell(session, offer.volunteer_id, live, now)


def _is_miss(offer: Offer) -> bool:
    """A dial that the carrier refused, or never made, says nothing about the telephone."""
    return offer.result in MISSES and (offer.result is not OfferResult.FAILED or offer.leg.carrier_sid is not None)


def _too_many(session: Session, volunteer_id: str, most: int) -> bool:
    """Whether the last `most` offers that say something were all missed, since their last pause began."""
    if most == 0:
        return False
    last_pause = select(func.max(Pause.since)).where(Pause.person_id == volunteer_id).scalar_subquery()
    last = session.scalars(
        select(Offer.result)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(Offer.volunteer_id == volunteer_id, IS_TOLD)
        .where(or_(last_pause.is_(None), Offer.resolved_at > last_pause))
        .order_by(Offer.resolved_at.desc())
        .limit(most)
    ).all()
    return len(last) == most and MISSES.issuperset(last)
