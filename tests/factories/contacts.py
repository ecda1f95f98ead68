"""What is written down of a call: contacts and messages."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from phoneline.follow_ups import OPEN as OPEN_FOLLOW_UPS
from phoneline.models import (
    Contact,
    Voicemail,
)
from phoneline.states import (
    ContactKind,
    VoicemailState,
)

WAV = b"RIFF\x10\x00\x00\x00WAVEa sound"
"""Enough of a file for those who look at its beginning."""


def contact(session: Session, at: datetime, **given: Any) -> Contact:
    opened = {"due_at": at} if given.get("follow_up") in OPEN_FOLLOW_UPS else {}
    made = Contact(at=at, **({"kind": ContactKind.CALL} | opened | given))
    session.add(made)
    session.flush()
    return made


def voicemail(session: Session, of: Contact, audio: bytes | None = WAV, **given: Any) -> Voicemail:
    """A message whose audio is here and nowhere else, unless told otherwise."""
    given = {"state": VoicemailState.KEPT, "seconds": 6, "media_type": "audio/wav" if audio else None} | given
    made = Voicemail(contact_id=of.id, audio=audio, **given)
    session.add(made)
    session.flush()
    return made
