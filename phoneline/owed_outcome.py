"""The outcome that a volunteer still owes: of their last conversation, where nobody could ask them after it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import calls, conversations
from phoneline.models import Offer
from phoneline.states import OfferResult
from phoneline.volunteer_script import OUTCOMES

REMEMBERED = timedelta(days=3)
"""For so long somebody remembers how it was."""


def of_volunteer(session: Session, person_id: str, now: datetime) -> Offer | None:
    """The volunteer's last conversation, if it is over and they said nothing of it yet."""
    last = session.scalars(
        select(Offer)
        .where(
            Offer.volunteer_id == person_id,
            Offer.result == OfferResult.ACCEPTED,
            Offer.conversation_ended_at.is_not(None),
        )
        .where(Offer.joined_at.is_not(None))
        .order_by(Offer.joined_at.desc())
        .limit(1)
    ).first()
    if last is None or last.outcome_at is not None or last.conversation_ended_at is None:
        return None
    return last if last.conversation_ended_at > now - REMEMBERED else None


def give(session: Session, person_id: str, offer_id: str, key: str, now: datetime) -> bool:
    """What the volunteer says now. False for a key that means nothing here, or a call that isn't theirs."""
    offer = session.get(Offer, offer_id)
    if key not in OUTCOMES or offer is None or offer.volunteer_id != person_id or offer.conversation_ended_at is None:
        return False
    call = calls.by_id(session, offer.call_id)
    session.refresh(offer)
    conversations.record_outcome(session, call, offer, OUTCOMES[key], now)
    return True
