"""What people asked for under their rights, and what is kept of somebody who was erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, Encrypted, Id, partial_index, word
from phoneline.rights_states import AskedHow, HeldUp, RightsKind

ERASURE_STANDS = "kind = 'erase' and done_at is null and undone_at is null"


class RightsRequest(Base):
    """Somebody asked to have all that is kept about them, or to be erased. It stays, and then says nobody's name."""

    __tablename__ = "rights_request"
    __table_args__ = (
        # However often the button is pressed: one erasure of a person at a time.
        partial_index("uq_rights_request_erasure", "person_id", unique=True, rows=ERASURE_STANDS),
        partial_index("ix_rights_request_due_at", "due_at", rows="due_at is not null"),
        Index("ix_rights_request_person_id", "person_id", "at"),
        Index("ix_rights_request_at", "at"),
        CheckConstraint("done_at is null or undone_at is null", name="one_end"),
    )

    id: Mapped[Id]
    kind: Mapped[RightsKind] = mapped_column(word(RightsKind))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whom it is about; null once they are erased."""
    asked_how: Mapped[AskedHow] = mapped_column(word(AskedHow))
    reason: Mapped[str] = mapped_column(Encrypted)
    """Why, in words that don't say who: they outlive the person's name."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """The login that wrote it down."""
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When the clock takes the next step of an erasure; null when none is left, and for exports."""
    undone_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    """When they were erased, or had what they asked for."""
    held_up: Mapped[HeldUp | None] = mapped_column(word(HeldUp))
    seek: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """While older calls are still looked through: hashes of the numbers that were theirs, and how far it has come."""
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
    """What of it stays without them, in numbers."""

    account: Mapped[Account | None] = relationship()


class KeptRefusal(Base):
    """A number whose holder was erased after asking for no more calls: who brings it back brings the no back too."""

    __tablename__ = "kept_refusal"

    number_hash: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    by_machine: Mapped[bool]
    """No automated calls."""
    by_volunteers: Mapped[bool]
    """No calls by volunteers either."""
