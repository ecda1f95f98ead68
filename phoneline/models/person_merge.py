"""Two records that were one person's, made one; and what it takes to part them again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id


class PersonMerge(Base):
    """What of the one record was moved to the other. Undone, both are as they were."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index("ix_person_merge_kept_id", "kept_id", "at"),
        CheckConstraint("kept_id <> gone_id", name="two"),
    )

    id: Mapped[Id]
    kept_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    gone_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    moved: Mapped[str] = mapped_column(Encrypted)
    """JSON: the keys of the rows that were moved, and the rows that were taken out, as they are stored."""
    undone_at: Mapped[datetime | None]
