"""People who don't want to talk with each other, or mustn't."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base


class Apart(Base):
    """`strict`: never put through to each other, whoever calls. Else a caller's wish: only if nobody else is there."""

    __tablename__ = "apart"
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="two"),
        Index("ix_apart_other_id", "other_id"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    strict: Mapped[bool] = mapped_column(primary_key=True)
