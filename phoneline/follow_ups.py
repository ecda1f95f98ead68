"""Follow-ups: done by somebody, and undone when that was a slip."""

from sqlalchemy import ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session

from phoneline.models import Contact
from phoneline.states import FollowUp

OPEN = frozenset({FollowUp.WANTED, FollowUp.URGENT})
# Written out: bound values wouldn't let the partial index be used.
IS_OPEN: ColumnElement[bool] = literal_column("contact.follow_up in ('wanted', 'urgent')")


def finish(session: Session, contact_id: str) -> FollowUp | None:
    """Mark the contact's follow-up as done. What it was before; None if none was open."""
    was = session.scalars(
        select(Contact.follow_up).where(Contact.id == contact_id).with_for_update(of=Contact)
    ).one_or_none()
    return was if was in OPEN and _change(session, contact_id, was, FollowUp.DONE) else None


def reopen(session: Session, contact_id: str, was: FollowUp) -> bool:
    """Take `finish` back. False if the follow-up isn't done, or `was` is no open state."""
    return was in OPEN and _change(session, contact_id, FollowUp.DONE, was)


def _change(session: Session, contact_id: str, old: FollowUp, new: FollowUp) -> bool:
    changed = session.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.follow_up == old)
        .values(follow_up=new)
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None
