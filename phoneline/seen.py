"""A contact that the line had no part in: seen in person, or spoken with by another telephone. It counts as well.

What it changes is kept beside it, so that `seen_undo` can put it back.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkins, contacts, hand_contacts, last_heard, twice
from phoneline.hand_contacts import Before
from phoneline.models import Contact, HandContact
from phoneline.states import ContactKind, ContactOutcome, FollowUp, SettledBy

KINDS = (ContactKind.IN_PERSON, ContactKind.CALL)
OUTCOMES = (ContactOutcome.FINE, ContactOutcome.FOLLOW_UP, ContactOutcome.URGENT)


def log_contact(
    session: Session,
    person_id: str,
    kind: ContactKind,
    now: datetime,
    *,
    outcome: ContactOutcome = ContactOutcome.FINE,
    note: str | None = None,
    at: datetime | None = None,
) -> Contact:
    """Write it down, as of `at`. That day's check-ins with them are settled, and a call that is ringing is ended.

    Pressed twice in one moment it is one contact.
    ValueError for a kind or an outcome that can't be logged by hand, and for a time to come.
    """
    at = at or now
    if kind not in KINDS or outcome not in OUTCOMES or at > now:
        raise ValueError(f"{kind}, {outcome} at {at} can't be logged by hand")
    same = (
        select(Contact)
        .join(HandContact, HandContact.contact_id == Contact.id)
        .where(Contact.person_id == person_id, Contact.kind == kind, Contact.outcome == outcome)
        .where(HandContact.at > now - twice.MOMENT, Contact.at > at - twice.MOMENT, Contact.at < at + twice.MOMENT)
    )
    there: Contact | None = twice.found(session, same, lambda one: one.note == (note or None))
    if there is not None:
        return there
    before = hand_contacts.look(session, person_id, at)
    contact = Contact(at=at, kind=kind, person_id=person_id, outcome=outcome, note=note or None, by_hand=True)
    return _log(session, person_id, contact, before, now)


def log_heard(session: Session, person_id: str, kind: ContactKind, before: Before, now: datetime) -> Contact:
    """As `log_contact`, of now and well, where some of `before` has been changed for it already."""
    contact = Contact(at=now, kind=kind, person_id=person_id, outcome=ContactOutcome.FINE, by_hand=True)
    return _log(session, person_id, contact, before, now)


def _log(session: Session, person_id: str, contact: Contact, before: Before, now: datetime) -> Contact:
    contact.follow_up = FollowUp.NONE
    contacts.want_follow_up_after(contact, contact.outcome)
    session.add(contact)
    session.flush()
    checkins.heard_from(session, person_id, SettledBy.COORDINATOR, now, at=contact.at)
    heard = hand_contacts.last_heard(session, person_id)
    last_heard.heard(session, person_id, contact.at)
    hand_contacts.keep(session, contact, before, heard, now)
    return contact
