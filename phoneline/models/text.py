"""Texts that the line sends, texts that arrive, and who wants none."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, partial_index, word, written_out
from phoneline.states import TextPurpose, TextState
from phoneline.text_states import TextMeaning


class TextOut(Base):
    """A text, written down before the carrier is asked to send it, so that nobody ever gets it twice."""

    __tablename__ = "text_out"
    __table_args__ = (
        # What the clock looks at: not sent yet, or not heard of.
        partial_index("ix_text_out_check_at", "check_at", rows="state = 'pending' or state = 'sending'"),
        Index("ix_text_out_person_id", "person_id", "created_at"),
        Index("ix_text_out_number_hash", "number_hash", "created_at"),
        # Words that are forgotten after a while (`retention`).
        partial_index("ix_text_out_body_kept", "created_at", rows="body is not null"),
        Index("ix_text_out_created_at", "created_at"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    """Random; stands in the address to which the carrier tells what became of the text."""
    number: Mapped[str] = mapped_column(Encrypted, nullable=True)
    """Null, and its hash empty, once it isn't kept any more, as the words: nobody asks for them then."""
    number_hash: Mapped[str]
    body: Mapped[str] = mapped_column(Encrypted, nullable=True)
    purpose: Mapped[TextPurpose] = mapped_column(word(TextPurpose))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[TextState] = mapped_column(word(TextState))
    failure: Mapped[str | None]
    """The carrier's error code, or a word of ours, where it was not sent or did not arrive."""
    carrier_sid: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    """The moment before the carrier was asked."""
    settled_at: Mapped[datetime | None]
    """When it was delivered, or failed."""
    check_at: Mapped[datetime]
    """When the clock looks at it, should it still be pending or sending."""


TEXT_IS_UNSETTLED = (TextOut.state == written_out(TextState.PENDING, TextOut.state)) | (
    TextOut.state == written_out(TextState.SENDING, TextOut.state)
)


class TextIn(Base):
    """A text that arrived: known again when the carrier tells of it twice. What it says is its contact's note."""

    __tablename__ = "text_in"
    __table_args__ = (
        Index("ix_text_in_number_hash", "number_hash", "at"),
        Index("ix_text_in_contact_id", "contact_id"),
        partial_index("ix_text_in_number_kept", "at", rows="number is not null"),
        Index("ix_text_in_at", "at"),
    )

    id: Mapped[Id]
    message_sid: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(Encrypted)
    """Null when withheld or no telephone number: then nobody can be answered."""
    number_hash: Mapped[str | None]
    at: Mapped[datetime]
    meaning: Mapped[TextMeaning] = mapped_column(word(TextMeaning))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class TextOptOut(Base):
    """A number's wish for no texts, until it is taken back. A later one is a new entry."""

    __tablename__ = "text_opt_out"
    __table_args__ = (
        partial_index("uq_text_opt_out_standing", "number_hash", unique=True, rows="ended_at is null"),
        Index("ix_text_opt_out_person_id", "person_id"),
    )

    id: Mapped[Id]
    number_hash: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose number it is, where it is one person's alone: then none of their numbers gets a text."""
    since: Mapped[datetime]
    how: Mapped[str]
    ended_at: Mapped[datetime | None]
