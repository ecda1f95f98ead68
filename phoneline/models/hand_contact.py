"""What writing down a contact by hand has changed besides, so that it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, word
from phoneline.states import CheckinState


class HandContact(Base):
    """A contact that somebody wrote down by hand, and how what it has changed stood before."""

    __tablename__ = "hand_contact"
    __table_args__ = (Index("ix_hand_contact_at", "at"),)

    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    """When it was written down; the contact may have been days before."""
    heard_before: Mapped[datetime]
    """When the person was last heard of until then."""
    missed_before: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Follow-ups and ladders that it ended, as they were: ids, times and states alone."""


class HandSettled(Base):
    """A check-in that is settled by a contact written down by hand."""

    __tablename__ = "hand_settled"
    __table_args__ = (Index("ix_hand_settled_contact_id", "contact_id"),)

    # One contact alone settles a check-in.
    checkin_id: Mapped[str] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("hand_contact.contact_id", ondelete="CASCADE"))
    was: Mapped[CheckinState] = mapped_column(word(CheckinState))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempt.id", ondelete="SET NULL"))
    """The attempt that was called off for it."""
