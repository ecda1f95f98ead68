"""Follow-ups: whose they became, done by somebody, and undone when that was a slip."""

from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session

from phoneline.models import Contact, FollowUpMove
from phoneline.states import FollowUp, MoveReason

OPEN = frozenset({FollowUp.WANTED, FollowUp.URGENT})
# Written out: bound values wouldn't let the partial index be used.
IS_OPEN: ColumnElement[bool] = literal_column("contact.follow_up in ('wanted', 'urgent')")


def finish(session: Session, contact_id: str, now: datetime) -> FollowUp | None:
    """Mark the contact's follow-up as done. What it was before; None if none was open."""
    was = session.scalars(
        select(Contact.follow_up).where(Contact.id == contact_id).with_for_update(of=Contact)
    ).one_or_none()
    return was if was in OPEN and _change(session, contact_id, was, FollowUp.DONE, now) else None


def reopen(session: Session, contact_id: str, was: FollowUp) -> bool:
    """Take `finish` back. False if the follow-up isn't done, or `was` is no open state."""
    return was in OPEN and _change(session, contact_id, FollowUp.DONE, was, None)


def _change(session: Session, contact_id: str, old: FollowUp, new: FollowUp, done_at: datetime | None) -> bool:
    changed = session.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.follow_up == old)
        .values(follow_up=new, done_at=done_at)
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def locked(session: Session, contact_id: str) -> Contact | None:
    """The contact, held and read afresh, while its follow-up is open."""
    held = select(Contact).where(Contact.id == contact_id, IS_OPEN).with_for_update(of=Contact, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def hand_on(
    session: Session,
    contact: Contact,
    why: MoveReason,
    now: datetime,
    *,
    person_id: str | None = None,
    account_id: str | None = None,
) -> None:
    """It is that coordinator's from now on, or, without one, that login's; written down. Hold the contact's row."""
    session.add(
        FollowUpMove(
            contact_id=contact.id,
            at=now,
            why=why,
            was_due_at=contact.due_at,
            owner_id=person_id,
            account_id=account_id,
        )
    )
    contact.owner_id = person_id
    contact.owner_account_id = account_id if person_id is None else None
    contact.given_at = now
    session.flush()
