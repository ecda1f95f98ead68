"""The audio of messages that callers left: fetched from the carrier, kept encrypted, and deleted over there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, EncryptedBytes, Id, partial_index, word
from phoneline.models.contact import Contact
from phoneline.states import VoicemailState


class Voicemail(Base):
    __tablename__ = "voicemail"
    __table_args__ = (
        # What the clock still has to fetch from the carrier, or to have deleted there.
        partial_index("ix_voicemail_next_try_at", "next_try_at", rows="next_try_at is not null"),
        CheckConstraint("(state = 'kept') = (audio is not null)", name="kept_is_audio"),
        partial_index("ix_voicemail_kept", "contact_id", rows="state = 'kept'"),
        partial_index("ix_voicemail_erasure_id", "erasure_id", rows="erasure_id is not null"),
        CheckConstraint("(audio is null) = (media_type is null)", name="audio_has_a_type"),
    )

    id: Mapped[Id]
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    """The line of the log, of kind `voicemail`, that the message belongs to."""
    state: Mapped[VoicemailState] = mapped_column(word(VoicemailState))
    recording_sid: Mapped[str | None]
    """The carrier's id of the recording that was chosen."""
    seconds: Mapped[int | None]
    audio: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True, deferred_raiseload=True)
    """Megabytes: read only by whoever asks for it by name."""
    media_type: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    """When to ask the carrier again; null once nothing is left to do."""
    deleted_at: Mapped[datetime | None]
    """When the carrier was seen to have none of the call's recordings any more."""

    erasure_id: Mapped[str | None] = mapped_column(ForeignKey("rights_request.id", ondelete="SET NULL"))
    """Whoever left it was erased by this: it says until when the carrier still had something."""

    contact: Mapped[Contact] = relationship()


class VoicemailTicket(Base):
    """For a few minutes the carrier may fetch a message with it, to play it to a volunteer."""

    __tablename__ = "voicemail_ticket"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    voicemail_id: Mapped[str] = mapped_column(ForeignKey("voicemail.id", ondelete="CASCADE"))
    until: Mapped[datetime]
