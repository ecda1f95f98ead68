"""The contact log: what happened between the line and a person, and what is still to do."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Encrypted, Id, partial_index, word
from phoneline.models.call import Call
from phoneline.models.person import Person
from phoneline.states import ContactKind, ContactOutcome, FollowUp, HandoverKind


class Contact(Base):
    __tablename__ = "contact"
    __table_args__ = (
        # However often a webhook repeats: one line on the log for each call and kind, one for each check-in.
        UniqueConstraint("call_id", "kind"),
        partial_index("uq_contact_checkin", "checkin_id", unique=True, rows="kind = 'checkin'"),
        Index("ix_contact_at_id", "at", "id"),
        Index("ix_contact_person_id", "person_id", "at"),
        partial_index("ix_contact_open", "follow_up", "at", rows="follow_up in ('wanted', 'urgent')"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    kind: Mapped[ContactKind] = mapped_column(word(ContactKind))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    volunteer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[ContactOutcome] = mapped_column(word(ContactOutcome), default=ContactOutcome.NONE)
    follow_up: Mapped[FollowUp] = mapped_column(word(FollowUp), default=FollowUp.NONE)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    checkin_id: Mapped[str | None] = mapped_column(ForeignKey("checkin.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(Encrypted)
    handed_over_at: Mapped[datetime | None]
    """When the coordinator or the crisis line first joined the conversation."""
    handed_over_to: Mapped[HandoverKind | None] = mapped_column(word(HandoverKind))

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    volunteer: Mapped[Person | None] = relationship(foreign_keys=volunteer_id)
    call: Mapped[Call | None] = relationship()
