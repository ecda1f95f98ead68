"""Somebody is to be called because nobody has heard from them: a follow-up, until they are heard from."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from phoneline import audit
from phoneline.db import insert_or_ignore
from phoneline.models import Contact
from phoneline.states import AccessAction, ContactKind, FollowUp


def ask(session: Session, person_id: str, account_id: str, now: datetime) -> str | None:
    """The new contact's id; None if somebody is asked already. The clock gives it to a coordinator."""
    contact_id = str(uuid4())
    opened = {"kind": ContactKind.OUTREACH, "follow_up": FollowUp.WANTED, "due_at": now}
    if not insert_or_ignore(session, Contact, id=contact_id, at=now, person_id=person_id, **opened):
        return None
    audit.note(session, contact_id, account_id, AccessAction.OUTREACH_ASKED, now)
    return contact_id
