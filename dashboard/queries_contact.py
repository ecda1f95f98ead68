"""One contact with everything that the log has of it, in a fixed number of queries. The number itself isn't read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboard.queries_log import COLUMNS, ContactRow, Volunteer, with_what_it_was
from phoneline import late_outcomes
from phoneline.audit import NUMBER
from phoneline.models import AccessLog, Account, Attempt, Call, Checkin, Contact, HandContact, Offer, Voicemail
from phoneline.states import AccessAction, AttemptResult, ContactOutcome, HandoverKind, OfferResult, PlanKind

MOST_OFFERS = 20
MOST_ATTEMPTS = 12
MOST_LOOKS = 10


@dataclass(frozen=True)
class Details:
    """A contact, and what only its own page says of it."""

    row: ContactRow
    call_id: str | None
    checkin_id: str | None
    language: str | None
    message_seconds: int | None
    message_deleted_there: bool
    note: str | None
    handed_over_at: datetime | None
    handed_over_to: HandoverKind | None
    has_number: bool
    written_at: datetime | None
    """When it was written down by hand; null where that can't be taken back."""


def details(session: Session, contact_id: str) -> Details | None:
    more = (
        Contact.call_id,
        Contact.checkin_id,
        Call.language,
        func.coalesce(Voicemail.seconds, Call.recording_seconds),
        Voicemail.deleted_at.is_not(None),
        Contact.note,
        Contact.handed_over_at,
        Contact.handed_over_to,
        NUMBER.is_not(None),
        select(HandContact.at).where(HandContact.contact_id == Contact.id).scalar_subquery(),
    )
    found: Any = session.execute(
        with_what_it_was(select(*COLUMNS, *more)).where(Contact.id == contact_id)
    ).one_or_none()
    if found is None:
        return None
    return Details(ContactRow(*found[: len(COLUMNS)]), *found[len(COLUMNS) :])


@dataclass(frozen=True)
class Asked:
    """A volunteer who was asked to take the call."""

    at: datetime
    volunteer: str
    result: OfferResult | None


def asked(session: Session, contact: Details) -> Sequence[Asked]:
    """In the order of asking; at most one more than a page shows."""
    if contact.call_id is None and contact.checkin_id is None:
        return []
    of_checkin = (
        select(Attempt.call_id)
        .where(Attempt.checkin_id == contact.checkin_id)
        .union_all(late_outcomes.by_hand(contact.checkin_id))
    )
    its_calls = Offer.call_id == contact.call_id if contact.call_id else Offer.call_id.in_(of_checkin)
    found: Iterable[Any] = session.execute(
        select(Offer.offered_at, Volunteer.name, Offer.result)
        .join(Volunteer, Volunteer.id == Offer.volunteer_id)
        .where(its_calls)
        .order_by(Offer.offered_at, Offer.id)
        .limit(MOST_OFFERS + 1)
    )
    return [Asked(*row) for row in found]


@dataclass(frozen=True)
class Tried:
    """One attempt to reach the peer of a check-in."""

    at: datetime
    result: AttemptResult | None
    kind: PlanKind


def tried(session: Session, contact: Details) -> Sequence[Tried]:
    """Oldest first; at most one more than a page shows."""
    if contact.checkin_id is None:
        return []
    found: Iterable[Any] = session.execute(
        select(Attempt.at, Attempt.result, Checkin.kind)
        .join(Checkin, Checkin.id == Attempt.checkin_id)
        .where(Attempt.checkin_id == contact.checkin_id)
        .order_by(Attempt.at)
        .limit(MOST_ATTEMPTS + 1)
    )
    return [Tried(*row) for row in found]


@dataclass(frozen=True)
class Look:
    """Somebody looked at what is kept hidden, or said something; without address or name when they are gone."""

    at: datetime
    action: AccessAction
    email: str | None
    listener: str | None
    """Who did it by telephone."""


def looks(session: Session, contact: Details) -> Sequence[Look]:
    """Newest first; at most one more than a page shows."""
    found: Iterable[Any] = session.execute(
        select(AccessLog.at, AccessLog.action, Account.email, Volunteer.name)
        .join(Account, Account.id == AccessLog.account_id, isouter=True)
        .join(Volunteer, Volunteer.id == AccessLog.person_id, isouter=True)
        .where(AccessLog.contact_id == contact.row.id)
        .order_by(AccessLog.at.desc(), AccessLog.id)
        .limit(MOST_LOOKS + 1)
    )
    return [Look(*row) for row in found]


def just_written(session: Session, contact_id: str, person_id: str) -> str:
    """The id of the contact with this person, if it was written down by hand and can be taken back; else empty."""
    if not contact_id:
        return ""
    theirs = select(HandContact.contact_id).join(Contact, Contact.id == HandContact.contact_id)
    theirs = theirs.where(HandContact.contact_id == contact_id, Contact.person_id == person_id)
    return session.scalars(theirs).one_or_none() or ""


def outcome_awaited_from(session: Session, contact: Details) -> str | None:
    """The name of the volunteer who didn't come to say how the conversation was; None if nothing is awaited."""
    if contact.row.outcome is not ContactOutcome.NONE or contact.row.kind not in late_outcomes.KINDS:
        return None
    offer = late_outcomes.awaited_from(session, session.get_one(Contact, contact.row.id))
    return session.scalars(select(Volunteer.name).where(Volunteer.id == offer.volunteer_id)).one() if offer else None
