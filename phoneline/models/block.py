"""Callers who are not put through for now."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, Encrypted, Id, partial_index
from phoneline.models.person import Person


class Block(Base):
    """A person, or a number that is nobody's, who is not put through. It stands until it is lifted or has run out."""

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint("(person_id is null) <> (number_hash is null)", name="whom"),
        CheckConstraint("(number is null) = (number_hash is null)", name="number"),
        # Each is blocked once at a time, however often a button is pressed; and how every call finds its block.
        partial_index("uq_block_person", "person_id", unique=True, rows="lifted_at is null"),
        partial_index("uq_block_number", "number_hash", unique=True, rows="lifted_at is null"),
    )

    id: Mapped[Id]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    number: Mapped[str | None] = mapped_column(Encrypted)
    number_hash: Mapped[str | None]
    language: Mapped[str | None]
    """What they were last spoken to in; null when that isn't known."""
    reason: Mapped[str] = mapped_column(Encrypted)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    """The contact on whose page it was decided."""
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    ends_at: Mapped[datetime | None]
    """From here on they are put through again; null: when somebody lifts it."""
    lifted_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    account: Mapped[Account | None] = relationship()
