"""What the team says to itself: thanks, and what it decides together."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Encrypted, Id, word
from phoneline.models.person import Person
from phoneline.proposal_states import Choice


class Thanks(Base):
    """A word of thanks, for one of the team or for all. It outlives who said it."""

    __tablename__ = "thanks"
    __table_args__ = (Index("ix_thanks_at", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    from_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Null: everybody."""
    words: Mapped[str] = mapped_column(Encrypted)

    sender: Mapped[Person | None] = relationship(foreign_keys=[from_id])
    receiver: Mapped[Person | None] = relationship(foreign_keys=[to_id])


class Proposal(Base):
    """Something to be decided together; open until `closes_at`."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_closes_at", "closes_at"),)

    id: Mapped[Id]
    made_at: Mapped[datetime]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Encrypted)
    closes_at: Mapped[datetime]
    """Moved to now when somebody closes it earlier."""

    by: Mapped[Person | None] = relationship()
    votes: Mapped[list["Vote"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Vote(Base):
    """One voice of each person; it may change until the proposal closes."""

    __tablename__ = "vote"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[Choice] = mapped_column(word(Choice))
    at: Mapped[datetime]


class LetterText(Base):
    """Somebody was told of a week's letter by text: once, however many clocks look."""

    __tablename__ = "letter_text"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday."""
    at: Mapped[datetime]
