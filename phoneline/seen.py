"""A contact that the line had no part in: seen in person, or spoken with by another telephone. It counts as well."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import checkins
from phoneline.models import Contact
from phoneline.states import ContactKind, ContactOutcome, FollowUp, SettledBy

KINDS = (ContactKind.IN_PERSON, ContactKind.CALL)


def log_contact(
    session: Session,
    person_id: str,
    kind: ContactKind,
    now: datetime,
    *,
    outcome: ContactOutcome = ContactOutcome.FINE,
    note: str | None = None,
) -> Contact:
    """Write it down as of now. Today's check-ins with them are settled, and a call that is ringing is ended.

    ValueError for a kind that can't be logged by hand.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} can't be logged by hand")
    checkins.heard_from(session, person_id, SettledBy.COORDINATOR, now)
    contact = Contact(at=now, kind=kind, person_id=person_id, outcome=outcome, follow_up=FollowUp.NONE, note=note)
    session.add(contact)
    session.flush()
    return contact
