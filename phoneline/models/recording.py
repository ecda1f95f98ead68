"""Recordings that are played instead of the words of a prompt."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, Id, partial_index


class PromptRecording(Base):
    """One version of one prompt in one language. Anybody who calls may hear it, so it isn't encrypted."""

    __tablename__ = "prompt_recording"
    __table_args__ = (
        UniqueConstraint("prompt", "language", "version"),
        # One at a time; where none is in use, the words are spoken.
        partial_index("uq_prompt_recording_in_use", "prompt", "language", unique=True, rows="in_use"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("seconds > 0", name="seconds"),
    )

    id: Mapped[Id]
    prompt: Mapped[str]
    """The key in the catalogue."""
    language: Mapped[str]
    version: Mapped[int]
    token: Mapped[str] = mapped_column(unique=True)
    """Random; its address. Another version has another, so that whoever keeps the sound never keeps an old one."""
    seconds: Mapped[float]
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    made_at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    in_use: Mapped[bool]

    account: Mapped[Account | None] = relationship()
