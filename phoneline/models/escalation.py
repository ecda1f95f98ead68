"""The ladder after a safety check-in that reached nobody: whom the peer agreed to, and who was asked and told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.models.base import Base, Encrypted, Id, partial_index, word, written_out
from phoneline.models.call import Leg
from phoneline.models.checkin import Checkin
from phoneline.models.person import Person


class AgreedContact(Base):
    """Somebody whom a peer agreed to be asked when the line can't reach them."""

    __tablename__ = "agreed_contact"
    __table_args__ = (
        # Nobody is on a peer's list twice.
        partial_index("uq_agreed_contact_number", "person_id", "number_hash", unique=True, rows="ended_at is null"),
        Index("ix_agreed_contact_person_id", "person_id", "position"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    position: Mapped[int]
    """Lower ones are asked first; no two need differ."""
    name: Mapped[str] = mapped_column(Encrypted)
    """Empty for a number of which only a plan says anything."""
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str]
    language: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Encrypted)
    """What they hear, as the peer chose; null: the line's own words."""
    texts_ok: Mapped[bool] = mapped_column(default=False)
    """They may be told the end by a text."""
    agreed_at: Mapped[datetime]
    agreed_how: Mapped[str] = mapped_column(Encrypted)
    stopped_at: Mapped[datetime | None]
    """They asked not to be rung again. Stands until a person has asked them anew and written that down."""
    ended_at: Mapped[datetime | None]
    """Taken off the list; stays for what was asked of them."""


class Escalation(Base):
    """One unreached check-in on its way up: a volunteer, the peer's own people, a coordinator."""

    __tablename__ = "escalation"
    __table_args__ = (
        # What the clock looks at every second.
        partial_index("ix_escalation_next_step_at", "next_step_at", rows="next_step_at is not null"),
        partial_index("ix_escalation_standing", "person_id", rows="state <> 'over'"),
        Index("ix_escalation_person_id", "person_id", "began_at"),
        CheckConstraint("(state = 'over') = (over_at is not null)", name="over"),
        CheckConstraint("(state = 'taken') = (taken_until is not null)", name="taken"),
    )

    id: Mapped[Id]
    # However many clocks find it unreached: one ladder a check-in.
    checkin_id: Mapped[str] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[EscalationState] = mapped_column(word(EscalationState))
    step: Mapped[EscalationStep | None] = mapped_column(word(EscalationStep))
    """How high it has come; null: nobody was asked yet."""
    began_at: Mapped[datetime]
    next_step_at: Mapped[datetime | None]
    """When to look again; null once a coordinator has it, and when it is over."""
    taken_until: Mapped[datetime | None]
    """One of the peer's people looks after it until then."""
    over_at: Mapped[datetime | None]
    over_how: Mapped[EscalationEnd | None] = mapped_column(word(EscalationEnd))

    checkin: Mapped[Checkin] = relationship()
    person: Mapped[Person] = relationship()
    tellings: Mapped[list["EscalationTelling"]] = relationship(
        order_by="EscalationTelling.step", back_populates="escalation"
    )


ESCALATION_STANDS = Escalation.state != written_out(EscalationState.OVER, Escalation.state)


class EscalationTelling(Base):
    """One of the peer's people asked to look after them, or told how it ended."""

    __tablename__ = "escalation_telling"
    __table_args__ = (
        # However many clocks run, one step asks one person, by one call.
        UniqueConstraint("escalation_id", "step"),
        # One is asked at a time, and nobody is told the end twice.
        partial_index(
            "uq_escalation_telling_live", "escalation_id", unique=True, rows="over_at is null and kind = 'ask'"
        ),
        partial_index(
            "uq_escalation_telling_end", "escalation_id", "agreed_contact_id", unique=True, rows="kind = 'end'"
        ),
        Index("ix_escalation_telling_agreed_contact_id", "agreed_contact_id"),
    )

    id: Mapped[Id]
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id", ondelete="CASCADE"))
    step: Mapped[int]
    kind: Mapped[TellingKind] = mapped_column(word(TellingKind))
    agreed_contact_id: Mapped[str] = mapped_column(ForeignKey("agreed_contact.id", ondelete="CASCADE"))
    leg_id: Mapped[str | None] = mapped_column(ForeignKey("leg.id"), unique=True)
    """Their call; null where the end was told by a text."""
    at: Mapped[datetime]
    key: Mapped[str | None]
    """The first of their keys that means something; it holds."""
    result: Mapped[TellingResult | None] = mapped_column(word(TellingResult))
    over_at: Mapped[datetime | None]

    escalation: Mapped[Escalation] = relationship(back_populates="tellings")
    contact: Mapped[AgreedContact] = relationship()
    leg: Mapped[Leg | None] = relationship(lazy="joined")
