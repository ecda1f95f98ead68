"""Urgent things that must find a person: who was told of them, and who has taken them on."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word, written_out
from phoneline.models.call import Leg
from phoneline.models.person import Person
from phoneline.states import AlarmKind, AlarmState


class Alarm(Base):
    __tablename__ = "alarm"
    __table_args__ = (
        # One alarm a thing at a time, however many clocks find it.
        partial_index("uq_alarm_subject", "subject", unique=True, rows="state <> 'over'"),
        partial_index("ix_alarm_next_step_at", "next_step_at", rows="state = 'open'"),
        Index("ix_alarm_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    kind: Mapped[AlarmKind] = mapped_column(word(AlarmKind))
    subject: Mapped[str]
    """What it is about: a contact's id, or a word for what there is one of."""
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    state: Mapped[AlarmState] = mapped_column(word(AlarmState))
    step: Mapped[int] = mapped_column(default=0)
    """How many have been told so far, each call counted."""
    raised_at: Mapped[datetime]
    next_step_at: Mapped[datetime | None]
    """When the next one is told, while it is open; null when nobody is any more."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    acknowledged_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who took it on by a page: a login isn't a person."""
    over_at: Mapped[datetime | None]

    tellings: Mapped[list["AlarmTelling"]] = relationship(order_by="AlarmTelling.step", back_populates="alarm")


ALARM_IS_OPEN = Alarm.state == written_out(AlarmState.OPEN, Alarm.state)
ALARM_STANDS = Alarm.state != written_out(AlarmState.OVER, Alarm.state)


class AlarmTelling(Base):
    """One coordinator told of an alarm: by a text, or by a text and a call."""

    __tablename__ = "alarm_telling"
    __table_args__ = (
        # However many clocks run, one step tells one person, by one call.
        UniqueConstraint("alarm_id", "step"),
        Index("ix_alarm_telling_person_id", "person_id", "at"),
    )

    id: Mapped[Id]
    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarm.id", ondelete="CASCADE"))
    step: Mapped[int]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    leg_id: Mapped[str | None] = mapped_column(ForeignKey("leg.id"), unique=True)
    """Their call; null for a text alone."""
    at: Mapped[datetime]

    alarm: Mapped[Alarm] = relationship(back_populates="tellings")
    person: Mapped[Person] = relationship()
    leg: Mapped[Leg | None] = relationship(lazy="joined")
