"""The word in a conversation that the time agreed on for today is nearly used up."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id, word
from phoneline.states import WarningResult


class TimeWarning(Base):
    """Written down before the carrier is asked to say it: one for each call, so that nobody ever hears it twice."""

    __tablename__ = "time_warning"

    id: Mapped[Id]
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    """Random; stands in the address from which the carrier gets the words."""
    asked_at: Mapped[datetime]
    """The moment before the carrier was asked."""
    result: Mapped[WarningResult | None] = mapped_column(word(WarningResult))
    """The carrier's answer; null until it came, and for good if the process died meanwhile."""
    fetched_at: Mapped[datetime | None]
    """When the carrier first came for the words, and got them."""
