"""What volunteers write of their own conversations: at the end of the contact's note, where coordinators read it.

Theirs to change for a day; what stands before it is another's, and stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import calls, conversations, owed_outcome, shown_names
from phoneline.models import Contact, Offer

LONGEST = 2000
TO_CHANGE = timedelta(days=1)
MOST = 20
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class OwnNote:
    """What they wrote, when, and of a conversation with whom, where that is shared."""

    contact_id: str
    at: datetime
    of: datetime
    """When the conversation was."""
    name: str | None
    words: str
    may_change: bool


def write(session: Session, person_id: str, offer_id: str, words: str, now: datetime) -> bool:
    """Of a conversation of theirs that isn't long ago. Written anew it takes the place of what they wrote before."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.volunteer_id != person_id or not conversations.met(offer):
        return False
    if offer.joined_at is None or offer.joined_at <= now - owed_outcome.REMEMBERED:
        return False
    contact = conversations.contact_of(session, calls.by_id(session, offer.call_id), now)
    if contact is None:
        return False
    _hold(session, contact)
    if not _may_change(contact, person_id, now):
        contact.note_from = len(contact.note) + len(_BETWEEN) if contact.note else 0
        contact.note_by_id, contact.note_at = person_id, now
    _put(contact, words)
    return True


def change(session: Session, person_id: str, contact_id: str, words: str, now: datetime) -> bool:
    """What they wrote within a day; with no words it is taken back. False if it isn't theirs to change any more."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        return False
    _hold(session, contact)
    if not _may_change(contact, person_id, now):
        return False
    _put(contact, words)
    return True


def of_volunteer(session: Session, person_id: str, now: datetime) -> Sequence[OwnNote]:
    """Their last ones, the latest first."""
    written = select(Contact).where(Contact.note_by_id == person_id, Contact.note.is_not(None))
    rows = session.scalars(written.order_by(Contact.note_at.desc(), Contact.id).limit(MOST)).all()
    peers = {one.person_id for one in rows if one.person_id is not None}
    called = {one.person_id for one in rows if one.person_id is not None and one.checkin_id is not None}
    names = shown_names.of_people(session, person_id, peers, called)
    return [
        OwnNote(
            contact_id=one.id,
            at=one.note_at or one.at,
            of=one.at,
            name=names.get(one.person_id or ""),
            words=(one.note or "")[one.note_from :],
            may_change=_may_change(one, person_id, now),
        )
        for one in rows
    ]


def _hold(session: Session, contact: Contact) -> None:
    session.refresh(contact, with_for_update={"of": Contact, "key_share": True})


def _may_change(contact: Contact, person_id: str, now: datetime) -> bool:
    if contact.note_by_id != person_id or contact.note_at is None or contact.note is None:
        return False
    return contact.note_at > now - TO_CHANGE and contact.note_from <= len(contact.note)


def _put(contact: Contact, words: str) -> None:
    """Their words at the end, in place of what they wrote before."""
    before = (contact.note or "")[: contact.note_from].rstrip()
    if words:
        contact.note = f"{before}{_BETWEEN}{words}" if before else words
        contact.note_from = len(contact.note) - len(words)
    else:
        contact.note = before or None
        contact.note_by_id, contact.note_at, contact.note_from = None, None, 0
