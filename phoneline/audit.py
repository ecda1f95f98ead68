"""Looks at what is otherwise kept hidden: nobody gets to see it without its being written down."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from phoneline.carrier import Audio
from phoneline.models import AccessLog, ActivitySignup, Call, Callback, Contact, PhoneNumber, TextIn, Voicemail
from phoneline.states import AccessAction

ONE_LOOK = timedelta(minutes=5)
"""A browser fetches a sound in several pieces, and people go back to a page: within so long that is one look."""
_FIRST_NUMBER = (
    select(PhoneNumber.number)
    .where(PhoneNumber.person_id == Contact.person_id)
    .order_by(PhoneNumber.position)
    .limit(1)
    .scalar_subquery()
)
_TEXTED_FROM = select(TextIn.number).where(TextIn.contact_id == Contact.id).limit(1).scalar_subquery()
_KEYED_IN = select(Callback.number).where(Callback.call_id == Contact.call_id).limit(1).scalar_subquery()
NUMBER = func.coalesce(Call.number, _KEYED_IN, _TEXTED_FROM, _FIRST_NUMBER, type_=Call.number.type)
"""The number to ring for a contact, in a query of contacts with their calls: the call's, what was keyed in for a
call-back, the text's, else the person's first."""


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
        note(session, contact_id, account_id, AccessAction.NUMBER_SHOWN, now)
    return number


def show_signups_number(session: Session, signup: ActivitySignup, account_id: str, now: datetime) -> str | None:
    """The telephone that stands on a list for somebody unknown, and the note of who was shown it; None if none does."""
    if signup.number is not None:
        shown = AccessAction.NUMBER_SHOWN
        session.add(AccessLog(at=now, account_id=account_id, action=shown, signup_id=signup.id))
        session.flush()
    return signup.number


def play_message(session: Session, contact_id: str, account_id: str, now: datetime) -> Audio | None:
    """The audio of the contact's message, and in the same transaction the note of who listens to it.

    None if there is no audio: then nothing is played and nothing written down.
    """
    of_contact = select(Voicemail.audio, Voicemail.media_type).where(Voicemail.contact_id == contact_id)
    found = session.execute(of_contact.with_for_update(of=Voicemail)).one_or_none()
    if found is None or found.audio is None or found.media_type is None:
        return None
    if not _listens_already(session, contact_id, AccessLog.account_id == account_id, now):
        note(session, contact_id, account_id, AccessAction.MESSAGE_HEARD, now)
    return Audio(found.audio, found.media_type)


def heard_by_telephone(session: Session, contact_id: str, volunteer_id: str, now: datetime) -> None:
    """Write down that a message is played to a volunteer; again within the same while is the same look."""
    if not _listens_already(session, contact_id, AccessLog.person_id == volunteer_id, now):
        note(session, contact_id, None, AccessAction.MESSAGE_HEARD, now, person_id=volunteer_id)


def _listens_already(session: Session, contact_id: str, by: ColumnElement[bool], now: datetime) -> bool:
    lately = select(AccessLog.id).where(
        AccessLog.contact_id == contact_id,
        AccessLog.at > now - ONE_LOOK,
        by,
        AccessLog.action == AccessAction.MESSAGE_HEARD,
    )
    return session.scalars(lately.limit(1)).first() is not None


def looked(session: Session, person_id: str, account_id: str, now: datetime) -> None:
    """Write down that a login was shown a person's record; again within the same while is the same look."""
    lately = select(AccessLog.id).where(
        AccessLog.about_id == person_id,
        AccessLog.at > now - ONE_LOOK,
        AccessLog.account_id == account_id,
        AccessLog.action == AccessAction.LOOKED,
    )
    if session.scalars(lately.limit(1)).first() is None:
        session.add(AccessLog(at=now, account_id=account_id, action=AccessAction.LOOKED, about_id=person_id))
        session.flush()


def took_log(session: Session, account_id: str, now: datetime) -> None:
    """Write down that a login took the contact log, or a part of it, away as a file."""
    session.add(AccessLog(at=now, account_id=account_id, action=AccessAction.LOG_TAKEN))
    session.flush()


def note(
    session: Session,
    contact_id: str,
    account_id: str | None,
    action: AccessAction,
    now: datetime,
    person_id: str | None = None,
) -> None:
    """Write down what a login, or a volunteer by telephone, did about a contact."""
    session.add(AccessLog(at=now, account_id=account_id, person_id=person_id, action=action, contact_id=contact_id))
    session.flush()


def acted(session: Session, checkin_id: str, account_id: str, action: AccessAction, now: datetime) -> None:
    """Write down what a login did about a check-in."""
    session.add(AccessLog(at=now, account_id=account_id, action=action, checkin_id=checkin_id))
    session.flush()
