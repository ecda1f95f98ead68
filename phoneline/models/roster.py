"""Shifts as they are planned, and the hours that follow from them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word
from phoneline.models.person import Person
from phoneline.states import Duty

_OFF_IS_EMPTY = "not off or starts_at = ends_at"
"""What doesn't take place lasts for no time at all: no query of who is on can find it."""


class Shift(Base):
    """A planned shift, perhaps recurring, in the line's wall-clock time. Without a person it is open to be taken."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("person_id", "starts_local", "rrule", "tier", "duty"),
        # To both databases no null is equal to another.
        partial_index("uq_shift_open", "starts_local", "rrule", "tier", unique=True, rows="person_id is null"),
        CheckConstraint("starts_local < ends_local", name="order"),
        CheckConstraint("tier in (1, 2)", name="tier"),
    )

    id: Mapped[Id]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Null for an open shift: its hours are taken one by one."""
    starts_local: Mapped[datetime] = mapped_column(DateTime)
    ends_local: Mapped[datetime] = mapped_column(DateTime)
    rrule: Mapped[str] = mapped_column(default="")
    tier: Mapped[int] = mapped_column(default=1)
    duty: Mapped[Duty] = mapped_column(word(Duty), default=Duty.CALLS)
    shadow: Mapped[bool] = mapped_column(default=False)
    """Somebody who learns sits in: never rung."""
    laid_out_until: Mapped[date | None]
    """Hours exist for every occurrence that starts before this local day."""
    until_local: Mapped[datetime | None] = mapped_column(DateTime)
    """From this date of the rule on it has none any more: it was cut short, and perhaps another shift goes on."""
    ended_at: Mapped[datetime | None]
    """Nothing more is laid out. It is kept, so that its past hours are, and its old spreadsheet brings nothing back."""

    person: Mapped[Person | None] = relationship()


class ShiftHours(Base):
    """One occurrence of a shift as instants, half-open: on from `starts_at`, off at `ends_at`."""

    __tablename__ = "shift_hours"
    __table_args__ = (
        UniqueConstraint("shift_id", "occurs_local"),
        CheckConstraint(_OFF_IS_EMPTY, name="off"),
        Index("ix_shift_hours_ends_at_starts_at", "ends_at", "starts_at"),
        Index("ix_shift_hours_person_id", "person_id", "starts_at"),
        partial_index("ix_shift_hours_open", "starts_at", rows="person_id is null"),
    )

    id: Mapped[Id]
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"))
    """Null for hours that nobody planned: the volunteer went on shift by themselves."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Null while an open shift is nobody's."""
    tier: Mapped[int]
    occurs_local: Mapped[datetime | None] = mapped_column(DateTime)
    """Which of the shift's dates it is, by the rule's wall clock, wherever it was moved; null for unplanned hours."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Earlier than planned when the volunteer went off shift."""
    kept: Mapped[bool] = mapped_column(default=False)
    """It differs from its shift: what changes there leaves it alone."""
    off: Mapped[bool] = mapped_column(default=False)
    """This date doesn't take place."""
    shadow: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    """The volunteer said that they will come."""

    person: Mapped[Person | None] = relationship()


class DutyHours(Base):
    """One occurrence of a coordinator's duty, half-open: a roster of its own, on which nobody is rung for callers."""

    __tablename__ = "duty_hours"
    __table_args__ = (
        UniqueConstraint("shift_id", "occurs_local"),
        CheckConstraint(_OFF_IS_EMPTY, name="off"),
        Index("ix_duty_hours_ends_at_starts_at", "ends_at", "starts_at"),
    )

    id: Mapped[Id]
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    tier: Mapped[int]
    occurs_local: Mapped[datetime] = mapped_column(DateTime)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    off: Mapped[bool] = mapped_column(default=False)
