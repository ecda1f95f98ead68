"""The contact log: one line for each call, voicemail, call-back and check-in, however often its webhooks repeat."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from phoneline.models import Call, Checkin, Contact
from phoneline.states import ContactKind, ContactOutcome, FollowUp

FOLLOW_UP_OF = {
    ContactOutcome.FOLLOW_UP: FollowUp.WANTED,
    ContactOutcome.URGENT: FollowUp.URGENT,
}
_URGENCY = (FollowUp.NONE, FollowUp.DONE, FollowUp.WANTED, FollowUp.URGENT)


def of_call(session: Session, call: Call, kind: ContactKind, at: datetime) -> Contact:
    """The call's contact of this kind, made if it isn't there yet."""
    same = select(Contact).filter_by(call_id=call.id, kind=kind)
    return _found_or_made(session, same, Contact(at=at, kind=kind, person_id=call.person_id, call_id=call.id))


def of_checkin(session: Session, checkin: Checkin, at: datetime) -> Contact:
    """The check-in's contact, made if it isn't there yet."""
    same = select(Contact).filter_by(checkin_id=checkin.id, kind=ContactKind.CHECKIN)
    new = Contact(at=at, kind=ContactKind.CHECKIN, person_id=checkin.person_id, checkin_id=checkin.id)
    return _found_or_made(session, same, new)


def of_text(session: Session, person_id: str | None, note: str, at: datetime) -> Contact:
    """A new contact for a text that has just arrived for the first time; what it says is the note."""
    contact = Contact(at=at, kind=ContactKind.SMS, person_id=person_id, note=note or None)
    contact.outcome, contact.follow_up = ContactOutcome.NONE, FollowUp.NONE
    session.add(contact)
    session.flush()
    return contact


def _found_or_made(session: Session, same: Select[Contact], new: Contact) -> Contact:
    found = session.scalars(same).one_or_none()
    if found is None:
        # Said here, since what was just made is read before it comes back from the database.
        new.outcome, new.follow_up = ContactOutcome.NONE, FollowUp.NONE
        session.add(new)
        session.flush()
    return found or new


def want_follow_up(contact: Contact, follow_up: FollowUp) -> None:
    """Ask for a follow-up. Never makes an urgent one less urgent. The clock gives it an owner and a time (`owners`)."""
    if _URGENCY.index(follow_up) <= _URGENCY.index(contact.follow_up):
        return
    if contact.follow_up is not FollowUp.WANTED:
        contact.owner_id = contact.owner_account_id = None
        contact.overdue_since, contact.climbs = None, 0
    contact.follow_up = follow_up
    begin_anew(contact)


def follow_up_done(contact: Contact, at: datetime) -> None:
    """Nothing is left to do. When that was stays as it was first."""
    contact.follow_up = FollowUp.DONE
    contact.done_at = contact.done_at or at


def begin_anew(contact: Contact) -> None:
    """The clock sets a new time by which the open follow-up has to be done; whose it is stays."""
    contact.due_at, contact.given_at = contact.at, None


def record_outcome(contact: Contact, outcome: ContactOutcome, volunteer_id: str) -> None:
    """What the volunteer said of the conversation, by key or on the page. To skip it takes nobody's word back."""
    contact.volunteer_id = volunteer_id
    if outcome is not ContactOutcome.NONE:
        contact.outcome = outcome


def want_follow_up_after(contact: Contact, outcome: ContactOutcome) -> None:
    """Ask for the follow-up that an outcome means."""
    want_follow_up(contact, FOLLOW_UP_OF.get(outcome, FollowUp.NONE))
