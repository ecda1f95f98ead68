"""How many people are needed on shift, week by week."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Time
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id, partial_index


class CoverNeed(Base):
    """So many people at these times of the week, by the line's wall clock. Without any: one, whenever the line is open.

    Times as in `phoneline.cover.Need`.
    """

    __tablename__ = "cover_need"
    __table_args__ = (
        CheckConstraint("days between 1 and 255", name="days"),
        CheckConstraint("tier in (1, 2)", name="tier"),
        CheckConstraint("minimum >= 0 and wished >= minimum and wished between 1 and 50", name="people"),
        partial_index("ix_cover_need_standing", "made_at", rows="ended_at is null"),
    )

    id: Mapped[Id]
    days: Mapped[int]
    """A bit for each: 1 Monday … 64 Sunday, 128 holidays."""
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    """Of the next day when it isn't later than `starts`."""
    tier: Mapped[int | None]
    """Null for any."""
    minimum: Mapped[int]
    wished: Mapped[int]
    made_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]
    """Taken off; it can be put back."""
