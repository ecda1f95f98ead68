"""Looks at what is otherwise kept hidden: nobody gets to see it without its being written down."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline.models import AccessLog, Call, Contact, PhoneNumber
from phoneline.states import AccessAction

_FIRST_NUMBER = (
    select(PhoneNumber.number)
    .where(PhoneNumber.person_id == Contact.person_id)
    .order_by(PhoneNumber.position)
    .limit(1)
    .scalar_subquery()
)
NUMBER = func.coalesce(Call.number, _FIRST_NUMBER, type_=Call.number.type)
"""The number to ring for a contact, in a query of contacts with their calls: the call's, else the person's first."""


def show_number(session: Session, contact_id: str, account_id: str, now: datetime) -> str | None:
    """The contact's number, and in the same transaction the note of who was shown it.

    None if there is no number: then nothing is shown and nothing written down.
    """
    number = session.scalars(
        select(NUMBER)
        .select_from(Contact)
        .join(Call, Call.id == Contact.call_id, isouter=True)
        .where(Contact.id == contact_id)
    ).one_or_none()
    if number is not None:
        session.add(AccessLog(at=now, account_id=account_id, action=AccessAction.NUMBER_SHOWN, contact_id=contact_id))
        session.flush()
    return number
