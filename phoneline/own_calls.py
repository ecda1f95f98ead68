"""A volunteer's own conversations: when, how long, how it was, and what they wrote. No number, and no name but shared.

A fixed number of queries, however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from phoneline import owed_outcome, shown_names
from phoneline.models import (
    Attempt,
    Call,
    Callback,
    CallbackTry,
    CheckinTry,
    Contact,
    Escalation,
    Offer,
)
from phoneline.states import ContactKind, ContactOutcome, OfferResult

MOST = 15


@dataclass(frozen=True)
class OwnCall:
    """One conversation, as its volunteer may see it."""

    offer_id: str
    kind: ContactKind
    name: str | None
    """Of whom they talked with, where that is shared."""
    joined_at: datetime
    ended_at: datetime | None
    is_said: bool
    """They said how it was."""
    outcome: ContactOutcome | None
    """How, unless somebody talked with the caller after them."""
    may_say: bool
    """It is over, and not for too long to say or write something."""
    has_note: bool
    """They wrote something, last of all who talked in it."""


def _contact_id() -> ScalarSelect[str]:
    """The log's line of a call: of an inbound one its own, else the promise's, the check-in's or the ladder's."""
    own = select(Contact.id).where(Contact.call_id == Call.id, Contact.kind == ContactKind.CALL)
    promise = (
        select(Contact.id)
        .join(Callback, Callback.call_id == Contact.call_id)
        .join(CallbackTry, CallbackTry.callback_id == Callback.id)
        .where(CallbackTry.call_id == Call.id, Contact.kind == ContactKind.CALLBACK)
    )
    checkin = (
        select(Contact.id)
        .join(Attempt, Attempt.checkin_id == Contact.checkin_id)
        .where(Attempt.call_id == Call.id, Contact.kind == ContactKind.CHECKIN)
    )
    ladder = (
        select(Contact.id)
        .join(Escalation, Escalation.checkin_id == Contact.checkin_id)
        .join(Callback, Callback.escalation_id == Escalation.id)
        .join(CallbackTry, CallbackTry.callback_id == Callback.id)
        .where(CallbackTry.call_id == Call.id, Contact.kind == ContactKind.CHECKIN)
    )
    each = (one.correlate(Call).limit(1).scalar_subquery() for one in (own, promise, checkin, ladder))
    return select(func.coalesce(*each)).correlate(Call).scalar_subquery()


def of_volunteer(session: Session, person_id: str, now: datetime, most: int = MOST) -> Sequence[OwnCall]:
    """Their last conversations, the latest first; the one going on, too."""
    rows = session.execute(
        select(Offer, Call.person_id, _contact_id(), CheckinTry.id.is_not(None))
        .join(Call, Call.id == Offer.call_id)
        .join(CheckinTry, CheckinTry.call_id == Call.id, isouter=True)
        .where(Offer.volunteer_id == person_id, Offer.joined_at.is_not(None), Offer.result == OfferResult.ACCEPTED)
        .order_by(Offer.joined_at.desc())
        .limit(most)
    ).all()
    ids = [contact_id for _, _, contact_id, _ in rows if contact_id]
    contacts = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(ids)))} if ids else {}
    peers = {peer_id for _, peer_id, _, _ in rows if peer_id}
    called = {peer_id for _, peer_id, _, is_checkin in rows if peer_id and is_checkin}
    names = shown_names.of_people(session, person_id, peers, called)
    return [
        _own_call(offer, contacts.get(contact_id or ""), names.get(peer_id or ""), person_id, now)
        for offer, peer_id, contact_id, _ in rows
    ]


def _own_call(offer: Offer, contact: Contact | None, name: str | None, person_id: str, now: datetime) -> OwnCall:
    ended = offer.conversation_ended_at
    is_theirs = contact is not None and contact.volunteer_id == person_id
    return OwnCall(
        offer_id=offer.id,
        kind=contact.kind if contact is not None else ContactKind.CALL,
        name=name,
        joined_at=offer.joined_at or offer.offered_at,
        ended_at=ended,
        is_said=offer.outcome_at is not None,
        outcome=contact.outcome if contact is not None and is_theirs else None,
        may_say=ended is not None and ended > now - owed_outcome.REMEMBERED,
        has_note=contact is not None and contact.note_by_id == person_id,
    )
