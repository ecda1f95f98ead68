"""Calls, their legs and offers, and what becomes of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import (
    Call,
    Callback,
    Handover,
    Leg,
    Offer,
    Person,
)
from phoneline.states import (
    CallbackState,
    CallState,
    Direction,
    HandoverKind,
    LegPurpose,
    LegState,
    OfferResult,
)
from tests.factories.constants import serials
from tests.factories.people import number


def call(session: Session, started_at: datetime, **given: Any) -> Call:
    """An inbound call, waiting unless told otherwise."""
    serial = next(serials)
    given = {
        "token": f"call-{serial}",
        "carrier_sid": f"CA{serial:032x}",
        "direction": Direction.INBOUND,
        "language": "en",
        "state": CallState.WAITING,
        "wait_began_at": started_at,
        "check_at": started_at + timedelta(minutes=5),
    } | given
    made = Call(started_at=started_at, **given)
    session.add(made)
    session.flush()
    return made


def leg(session: Session, now: datetime, **given: Any) -> Leg:
    serial = next(serials)
    given = {
        "token": f"leg-{serial}",
        "purpose": LegPurpose.OFFER,
        "priority": 1,
        "number": number(1),
        "ring_seconds": 20,
        "state": LegState.PENDING,
        "check_at": now + timedelta(minutes=5),
    } | given
    made = Leg(created_at=now, **given)
    session.add(made)
    session.flush()
    return made


def offer(session: Session, of: Call, volunteer: Person, at: datetime, result: OfferResult | None = None) -> Offer:
    """An offer; one with a result is over, so the volunteer is free again."""
    made = Offer(
        call_id=of.id,
        volunteer_id=volunteer.id,
        leg_id=leg(session, at).id,
        wait_round=1,
        offered_at=at,
        result=result,
        released_at=None if result is None else at,
        conversation_ended_at=None if result is None else at,
    )
    session.add(made)
    session.flush()
    return made


def open_offers(session: Session) -> Sequence[Offer]:
    return session.scalars(select(Offer).where(Offer.result.is_(None))).all()


def handover(session: Session, of: Offer, at: datetime, **given: Any) -> Handover:
    """Somebody who is being brought into the offer's call: the crisis line unless told otherwise."""
    third = leg(session, at, purpose=LegPurpose.HANDOVER)
    given = {"kind": HandoverKind.CRISIS, "asked_at": at} | given
    made = Handover(call_id=of.call_id, offer_id=of.id, leg_id=third.id, **given)
    session.add(made)
    session.flush()
    return made


def callback(session: Session, of: Call, at: datetime, **given: Any) -> Callback:
    """A promise made in the call `of`, due at once."""
    number = str(given.pop("number", of.number))
    made = Callback(
        call_id=of.id,
        person_id=of.person_id,
        number=number,
        number_hash=lookup_hash(lookup_key(session), number),
        language=of.language,
        promised_at=at,
        place_at=of.started_at,
        **({"state": CallbackState.PROMISED, "next_try_at": at} | given),
    )
    session.add(made)
    session.flush()
    return made
