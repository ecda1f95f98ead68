"""How a conversation was, said later on a page: where the volunteer's leg ended before they pressed a key."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from phoneline import audit, calls, conversations
from phoneline.models import Attempt, Callback, CallbackTry, Contact, Escalation, Offer
from phoneline.states import AccessAction, ContactKind, ContactOutcome, LegState

MAY_BE_SAID = (ContactOutcome.FINE, ContactOutcome.FOLLOW_UP, ContactOutcome.URGENT, ContactOutcome.WRONG_NUMBER)
"""The same as by key 1, 2, 3 and 4."""
KINDS = frozenset({ContactKind.CALL, ContactKind.CALLBACK, ContactKind.CHECKIN})
"""Contacts with a conversation whose outcome a volunteer gives."""


def awaited_from(session: Session, contact: Contact) -> Offer | None:
    """The contact's last conversation, if it is over, its volunteer has gone, and nothing was said of it.

    Whoever pressed # has said that there is nothing to say.
    """
    if contact.outcome is not ContactOutcome.NONE or contact.kind not in KINDS:
        return None
    last = session.scalars(
        select(Offer)
        .where(_of(contact), Offer.joined_at.is_not(None))
        .order_by(Offer.joined_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if last is None or last.outcome_at is not None:
        return None
    over = last.conversation_ended_at is not None and last.leg.state is LegState.ENDED
    return last if over else None


def _of(contact: Contact) -> ColumnElement[bool]:
    if contact.kind is ContactKind.CALL:
        return Offer.call_id == contact.call_id
    if contact.kind is ContactKind.CALLBACK:
        tries = select(CallbackTry.call_id).join(Callback, Callback.id == CallbackTry.callback_id)
        return Offer.call_id.in_(tries.where(Callback.call_id == contact.call_id))
    attempts = select(Attempt.call_id).where(Attempt.checkin_id == contact.checkin_id)
    return Offer.call_id.in_(attempts.union_all(by_hand(contact.checkin_id)))


def by_hand(checkin_id: str | None) -> Select[str]:
    """The calls in which volunteers tried, or try, to reach the peer of an unreached check-in."""
    return (
        select(CallbackTry.call_id)
        .join(Callback, Callback.id == CallbackTry.callback_id)
        .join(Escalation, Escalation.id == Callback.escalation_id)
        .where(Escalation.checkin_id == checkin_id)
    )


def give(session: Session, contact_id: str, outcome: ContactOutcome, account_id: str, now: datetime) -> bool:
    """Say it in the volunteer's place, as by key, and write down who did. The first word is final: False if it's said.

    ValueError for an outcome that nobody can say.
    """
    if outcome not in MAY_BE_SAID:
        raise ValueError(f"{outcome} can't be said later")
    contact = session.get(Contact, contact_id)
    offer = awaited_from(session, contact) if contact is not None else None
    if contact is None or offer is None:
        return False
    # Looked at once more with the call held: a key or another page may have been first.
    call = calls.by_id(session, offer.call_id)
    session.refresh(contact)
    still = awaited_from(session, contact)
    if still is None or still.id != offer.id:
        return False
    conversations.record_outcome(session, call, still, outcome, now)
    audit.note(session, contact_id, account_id, AccessAction.OUTCOME_GIVEN, now)
    return True
