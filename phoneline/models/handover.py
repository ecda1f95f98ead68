"""A third party brought into a conversation: the coordinator on duty, or the crisis line."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index, word
from phoneline.models.call import Call, Leg, Offer
from phoneline.models.person import Person
from phoneline.states import HandoverKind, HandoverResult


class Handover(Base):
    """One third party rung for one call, on a leg of their own. Over at `ended_at`."""

    __tablename__ = "handover"
    __table_args__ = (
        # One third party at a time: several coordinators are tried one after another.
        partial_index("uq_handover_call_open", "call_id", unique=True, rows="ended_at is null"),
        # And nobody is brought into two calls at once.
        partial_index("uq_handover_person_open", "person_id", unique=True, rows="ended_at is null"),
        Index("ix_handover_call_id", "call_id", "asked_at"),
        CheckConstraint("kind = 'coordinator' or person_id is null", name="whom"),
    )

    id: Mapped[Id]
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    """Whose volunteer asked."""
    leg_id: Mapped[str] = mapped_column(ForeignKey("leg.id"), unique=True)
    kind: Mapped[HandoverKind] = mapped_column(word(HandoverKind))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Which coordinator; null for the crisis line."""
    asked_at: Mapped[datetime]
    """When the volunteer asked: the same for all who were tried for one asking."""
    answered_at: Mapped[datetime | None]
    """The coordinator's key 1, or the crisis line's picking up."""
    joined_at: Mapped[datetime | None]
    """When they were sent into the room of the caller."""
    away_at: Mapped[datetime | None]
    """When the volunteer stepped out and left the caller with them; null once the volunteer is back."""
    ended_at: Mapped[datetime | None]
    result: Mapped[HandoverResult | None] = mapped_column(word(HandoverResult))

    call: Mapped[Call] = relationship()
    offer: Mapped[Offer] = relationship()
    person: Mapped[Person | None] = relationship()
    leg: Mapped[Leg] = relationship(lazy="joined")
