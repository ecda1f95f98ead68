"""Volunteers reminded of their shifts, the calls that ask them, and who wants no such calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word
from phoneline.models.call import Leg
from phoneline.models.person import Person
from phoneline.models.roster import ShiftHours
from phoneline.reminder_states import ReminderKind, ReminderState


class ShiftReminder(Base):
    """One reminder of hours, and of those that follow on them without a break, to whoever has them."""

    __tablename__ = "shift_reminder"
    __table_args__ = (
        # However many clocks run, nobody is reminded twice.
        UniqueConstraint("hours_id", "person_id", "kind"),
        partial_index("ix_shift_reminder_due_at", "due_at", rows="due_at is not null"),
        Index("ix_shift_reminder_person_id", "person_id", "starts_at"),
    )

    id: Mapped[Id]
    hours_id: Mapped[str] = mapped_column(ForeignKey("shift_hours.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind] = mapped_column(word(ReminderKind))
    starts_at: Mapped[datetime]
    """When the hours were to begin as its time was chosen: they may be moved."""
    state: Mapped[ReminderState] = mapped_column(word(ReminderState), default=ReminderState.WAITING)
    due_at: Mapped[datetime | None]
    """When the clock takes the next step; null when there is none."""
    asked_at: Mapped[datetime | None]
    text_id: Mapped[str | None] = mapped_column(ForeignKey("text_out.id", ondelete="SET NULL"))

    hours: Mapped[ShiftHours] = relationship()
    person: Mapped[Person] = relationship()
    calls: Mapped[list["ReminderCall"]] = relationship(order_by="ReminderCall.at", back_populates="reminder")


class ReminderCall(Base):
    """One call that asks a volunteer whether they will come."""

    __tablename__ = "reminder_call"
    __table_args__ = (Index("ix_reminder_call_reminder_id", "reminder_id", "at"),)

    leg_id: Mapped[str] = mapped_column(ForeignKey("leg.id"), primary_key=True)
    reminder_id: Mapped[str] = mapped_column(ForeignKey("shift_reminder.id", ondelete="CASCADE"))
    at: Mapped[datetime]

    reminder: Mapped[ShiftReminder] = relationship(back_populates="calls")
    leg: Mapped[Leg] = relationship(lazy="joined")


class ShiftCallStop(Base):
    """A volunteer who wants no calls about shifts: texts alone."""

    __tablename__ = "shift_call_stop"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
