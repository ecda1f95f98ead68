"""What was changed about a person's record, and what the team wrote down about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, word
from phoneline.person_states import PersonAct


class PersonChange(Base):
    """One act on one record. Without a login it was the person themselves, by telephone."""

    __tablename__ = "person_change"
    __table_args__ = (Index("ix_person_change_person_id", "person_id", "at"),)

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    act: Mapped[PersonAct] = mapped_column(word(PersonAct))
    before: Mapped[str | None] = mapped_column(Encrypted)
    """What was changed, field by field, as it was: JSON. Null where nothing can be taken back."""
    after: Mapped[str | None] = mapped_column(Encrypted)
    undone_at: Mapped[datetime | None]


class PersonNote(Base):
    """A note of the team's about somebody. Taken off, it can be put back by who wrote it."""

    __tablename__ = "person_note"
    __table_args__ = (Index("ix_person_note_person_id", "person_id", "at"),)

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Encrypted)
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
