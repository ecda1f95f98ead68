"""What a volunteer can do at most, and when they can't."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id


class WorkLimit(Base):
    """Whatever is null is no limit, and so is a missing row."""

    __tablename__ = "work_limit"
    __table_args__ = (
        CheckConstraint("hours_a_week between 1 and 168", name="hours_a_week"),
        CheckConstraint("shifts_a_week between 1 and 50", name="shifts_a_week"),
        CheckConstraint("rest_hours between 1 and 72", name="rest_hours"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    hours_a_week: Mapped[int | None]
    shifts_a_week: Mapped[int | None]
    rest_hours: Mapped[int | None]
    """From the end of one shift to the beginning of the next."""
    days_off: Mapped[str] = mapped_column(default="")
    """Weekdays as digits: Monday is 0."""


class Unavailable(Base):
    """A time at which somebody can't, perhaps again and again, in the line's wall-clock time; half-open."""

    __tablename__ = "unavailable"
    __table_args__ = (
        CheckConstraint("starts_local < ends_local", name="order"),
        Index("ix_unavailable_person_id", "person_id", "starts_local"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_local: Mapped[datetime] = mapped_column(DateTime)
    ends_local: Mapped[datetime] = mapped_column(DateTime)
    rrule: Mapped[str] = mapped_column(default="")
    words: Mapped[str | None] = mapped_column(Encrypted)
    """Why, if they say so."""
