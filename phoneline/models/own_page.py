"""What volunteers do for themselves: calls to practise, and the wish to talk with somebody about a call."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word, written_out
from phoneline.models.call import Call, Leg
from phoneline.models.person import Person
from phoneline.states import ContactOutcome
from phoneline.volunteer_states import DebriefState


class Practice(Base):
    """A volunteer practises with a caller whom the line plays. No call, offer or contact comes of it."""

    __tablename__ = "practice"
    __table_args__ = (
        # However often the button is pressed, their telephone rings once.
        partial_index("uq_practice_rings", "person_id", unique=True, rows="over_at is null"),
        Index("ix_practice_person_id", "person_id", "at"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    leg_id: Mapped[str | None] = mapped_column(ForeignKey("leg.id"), unique=True)
    """Their telephone, rung for it; null where they practise within the volunteers' own menu."""
    at: Mapped[datetime]
    took_at: Mapped[datetime | None]
    stepped_out_at: Mapped[datetime | None]
    outcome: Mapped[ContactOutcome | None] = mapped_column(word(ContactOutcome))
    finished_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    """When their telephone was free again."""

    person: Mapped[Person] = relationship()
    leg: Mapped[Leg | None] = relationship(lazy="joined")


class Debrief(Base):
    """A volunteer would like to talk with somebody about a call. It stands until somebody says that it was done."""

    __tablename__ = "debrief"
    __table_args__ = (
        # Asked for again, it is the same wish.
        partial_index("uq_debrief_open", "person_id", unique=True, rows="state <> 'done'"),
        Index("ix_debrief_person_id", "person_id", "asked_at"),
        CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
        CheckConstraint("state = 'asked' or taken_at is not null", name="taken"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    """After which conversation, as far as there was one lately."""
    state: Mapped[DebriefState] = mapped_column(word(DebriefState))
    asked_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """The login that sees to it."""
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    call: Mapped[Call | None] = relationship()


DEBRIEF_IS_OPEN = Debrief.state != written_out(DebriefState.DONE, Debrief.state)
