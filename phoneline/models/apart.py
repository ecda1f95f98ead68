"""People who don't want to talk with each other, or mustn't.

`strict`: never put through to each other, whoever calls. Else a caller's wish: only if nobody else is there.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, partial_index


class Apart(Base):
    """As the people spreadsheet has it; an import brings it and takes it back."""

    __tablename__ = "apart"
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="two"),
        Index("ix_apart_other_id", "other_id"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    strict: Mapped[bool] = mapped_column(primary_key=True)


class ApartDecision(Base):
    """As a coordinator decided on a page; no import touches it. It holds until it is lifted there."""

    __tablename__ = "apart_decision"
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="two"),
        # Each pair once at a time, however often a button is pressed; and how every wait finds them.
        partial_index("uq_apart_decision_pair", "person_id", "other_id", unique=True, rows="lifted_at is null"),
        partial_index("ix_apart_decision_other_id", "other_id", rows="lifted_at is null"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """The caller."""
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Somebody of the team."""
    strict: Mapped[bool]
    reason: Mapped[str] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    lifted_at: Mapped[datetime | None]
