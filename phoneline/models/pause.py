"""Volunteers who aren't rung for a while though they are on shift."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word
from phoneline.models.person import Person
from phoneline.states import PauseReason


class Pause(Base):
    """Over when it is ended, at `until`, or, where that is null, as soon as a shift begins after `since`."""

    __tablename__ = "pause"
    __table_args__ = (
        # One pause a person at a time; and who is paused, asked for every caller who waits.
        partial_index("uq_pause_open", "person_id", unique=True, rows="ended_at is null"),
        Index("ix_pause_person_id", "person_id", "since"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[PauseReason] = mapped_column(word(PauseReason))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
