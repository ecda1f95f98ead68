"""Shifts as they are planned, and the hours that follow from them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from phoneline.models.base import Base, Id, partial_index, word
from phoneline.models.person import Person
from phoneline.states import Duty

_OFF_IS_EMPTY = "not off or starts_at = ends_at"
"""What doesn't take place lasts for no time at all: no query of who is on can find it."""
LENGTHS = (2, 4, 8, 13, 26, 800)
"""In whole hours. Who is on now is sought among those that began so lately that they can still go on: half a day with a
change of clocks is 13 hours, a day is 25."""


def at_most_hours(starts_at: datetime, ends_at: datetime) -> int:
    """The least of `LENGTHS` that these hours aren't longer than."""
    return next(hours for hours in LENGTHS if ends_at - starts_at <= timedelta(hours=hours))


def _of_row(context: DefaultExecutionContext) -> int:
    row: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # has no annotations
    return at_most_hours(row["starts_at"], row["ends_at"])


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
        CheckConstraint(f"at_most_hours in ({', '.join(map(str, LENGTHS))})", name="at_most_hours"),
        Index("ix_shift_hours_ends_at_starts_at", "ends_at", "starts_at"),
        Index("ix_shift_hours_at_most_hours", "at_most_hours", "starts_at"),
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
    at_most_hours: Mapped[int] = mapped_column(default=_of_row)
    """They aren't longer; perhaps much shorter, when somebody left early. It keeps up with both ends by itself."""
    kept: Mapped[bool] = mapped_column(default=False)
    """It differs from its shift: what changes there leaves it alone."""
    off: Mapped[bool] = mapped_column(default=False)
    """This date doesn't take place."""
    shadow: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    """The volunteer said that they will come."""

    person: Mapped[Person | None] = relationship()

    @validates("starts_at", "ends_at")
    def _keep_up(self, name: str, at: datetime) -> datetime:
        ends: dict[str, datetime | None] = {"starts_at": self.starts_at, "ends_at": self.ends_at, name: at}
        if ends["starts_at"] is not None and ends["ends_at"] is not None:
            self.at_most_hours = at_most_hours(ends["starts_at"], ends["ends_at"])
        return at


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
