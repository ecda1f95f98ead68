"""Callers' messages for volunteers, by telephone: which ones wait, and an address from which the carrier plays one.

Whoever calls this has checked that it is the volunteer (their PIN). In a menu:

    for one in listening.waiting(session, volunteer_id): ...           # oldest first
    path = listening.play(session, one.contact_id, volunteer_id, now)  # None: not there any more
    Play(path)                                                         # within the same answer: it soon expires
    follow_ups.finish(session, one.contact_id, now)                    # when the volunteer says that it is seen to
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from phoneline import audit, matching
from phoneline.carrier import Audio
from phoneline.crypto import token_hash
from phoneline.follow_ups import IS_OPEN
from phoneline.models import Contact, Voicemail, VoicemailTicket
from phoneline.states import ContactKind, FollowUp, VoicemailState

TICKET_LIFE = timedelta(minutes=5)
"""From the answer that plays it until the carrier has fetched it: what is said before it, and a slow night."""
MOST = 50


@dataclass(frozen=True)
class WaitingMessage:
    """A message that nobody has seen to yet. Who left it is no part of it: volunteers don't learn that."""

    contact_id: str
    left_at: datetime
    seconds: int | None
    urgent: bool

    @property
    def place(self) -> tuple[datetime, str]:
        """The order in which they are told."""
        return self.left_at, self.contact_id


def waiting(session: Session, volunteer_id: str) -> Sequence[WaitingMessage]:
    """The messages meant for the shift: audio here, follow-up open, oldest first.

    Never the volunteer's own, nor of somebody from whom they are kept apart.
    """
    found = session.execute(
        select(Contact.id, Contact.at, Voicemail.seconds, Contact.follow_up)
        .join(Voicemail, Voicemail.contact_id == Contact.id)
        .where(*_meant_for(session, volunteer_id))
        .order_by(Contact.at, Contact.id)
        .limit(MOST)
    )
    return [WaitingMessage(id_, at, seconds, follow_up is FollowUp.URGENT) for id_, at, seconds, follow_up in found]


def play(session: Session, contact_id: str, volunteer_id: str, now: datetime) -> str | None:
    """The path from which the carrier plays the message for a few minutes; that they listen is written down.

    None if it doesn't wait for this volunteer any more.
    """
    its_message = select(Voicemail.id).join(Contact, Contact.id == Voicemail.contact_id).where(Contact.id == contact_id)
    voicemail_id = session.scalars(its_message.where(*_meant_for(session, volunteer_id))).one_or_none()
    if voicemail_id is None:
        return None
    session.execute(delete(VoicemailTicket).where(VoicemailTicket.until <= now))
    token = secrets.token_urlsafe(32)
    session.add(VoicemailTicket(token_hash=token_hash(token), voicemail_id=voicemail_id, until=now + TICKET_LIFE))
    audit.heard_by_telephone(session, contact_id, volunteer_id, now)
    return f"/webhooks/messages/{token}/audio"


def place(session: Session, contact_id: str) -> tuple[datetime, str] | None:
    """Where a message stands among them, also when it waits no more. None if there is no such contact."""
    at = session.scalars(select(Contact.at).where(Contact.id == contact_id)).one_or_none()
    return (at, contact_id) if at is not None else None


def audio(session: Session, token: str, now: datetime) -> Audio | None:
    """What an address of `play` leads to; None when it is unknown or too old, or the audio is gone."""
    found = session.execute(
        select(Voicemail.audio, Voicemail.media_type)
        .join(VoicemailTicket, VoicemailTicket.voicemail_id == Voicemail.id)
        .where(VoicemailTicket.token_hash == token_hash(token), VoicemailTicket.until > now)
    ).one_or_none()
    if found is None or found.audio is None or found.media_type is None:
        return None
    return Audio(found.audio, found.media_type)


def _meant_for(session: Session, volunteer_id: str) -> Sequence[ColumnElement[bool]]:
    not_theirs = {volunteer_id, *matching.apart_from(session, volunteer_id)}
    return (
        Contact.kind == ContactKind.VOICEMAIL,
        IS_OPEN,
        Voicemail.state == VoicemailState.KEPT,
        or_(Contact.person_id.is_(None), Contact.person_id.not_in(not_theirs)),
    )
