"""Follow-ups: whose they became, done by somebody, and undone when that was a slip."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal_column, select, update
from sqlalchemy.orm import Session

from phoneline.follow_up_states import FollowUpEnding, MoveReason
from phoneline.models import Contact, FollowUpEnd, FollowUpMove
from phoneline.states import FollowUp

OPEN = frozenset({FollowUp.WANTED, FollowUp.URGENT})
# Written out: bound values wouldn't let the partial index be used.
IS_OPEN: ColumnElement[bool] = literal_column("contact.follow_up in ('wanted', 'urgent')")
IS_NOBODYS: ColumnElement[bool] = and_(IS_OPEN, Contact.owner_id.is_(None), Contact.owner_account_id.is_(None))


@dataclass(frozen=True)
class Ending:
    """How a follow-up ended, in the words of a login."""

    how: FollowUpEnding
    account_id: str
    note: str = ""


def finish(session: Session, contact_id: str, now: datetime, ending: Ending | None = None) -> FollowUp | None:
    """Mark the contact's follow-up as done, and keep what was said of it.

    What it was before; None if none was open.
    """
    was = session.scalars(
        select(Contact.follow_up).where(Contact.id == contact_id).with_for_update(of=Contact)
    ).one_or_none()
    if was not in OPEN or not _change(session, contact_id, was, FollowUp.DONE, now):
        return None
    if ending is not None:
        keep_ending(session, contact_id, was, ending, now)
    return was


def keep_ending(session: Session, contact_id: str, was: FollowUp, ending: Ending, now: datetime) -> None:
    said = {"ending": ending.how, "note": ending.note or None, "account_id": ending.account_id}
    session.add(FollowUpEnd(contact_id=contact_id, at=now, was=was, **said))
    session.flush()


def take_back(session: Session, contact_id: str, since: datetime, now: datetime) -> bool:
    """It wasn't done after all: open as before. False if it isn't done, or nobody has said so since `since`."""
    lately = (
        select(FollowUpEnd)
        .where(FollowUpEnd.contact_id == contact_id, FollowUpEnd.at >= since, FollowUpEnd.taken_back_at.is_(None))
        .order_by(FollowUpEnd.at.desc(), FollowUpEnd.id)
        .limit(1)
        .with_for_update()
    )
    end = session.scalars(lately.execution_options(populate_existing=True)).one_or_none()
    if end is None or not reopen(session, contact_id, end.was):
        return False
    end.taken_back_at = now
    session.flush()
    return True


def reopen(session: Session, contact_id: str, was: FollowUp) -> bool:
    """Open again. False if the follow-up isn't done, or `was` is no open state."""
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


def note_later(
    session: Session, contact: Contact, until: datetime, reason: str, account_id: str, now: datetime
) -> None:
    """Write down that it is due at another time, and why. Hold the contact's row."""
    session.add(
        FollowUpMove(
            contact_id=contact.id,
            at=now,
            why=MoveReason.LATER,
            was_due_at=contact.due_at,
            due_at=until,
            owner_id=contact.owner_id,
            account_id=account_id,
            note=reason,
        )
    )
    session.flush()
