"""Other words for prompts than the catalogue's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, Id, partial_index


class PromptWords(Base):
    """One version of one prompt's words in one language. Anybody who calls hears them, so they aren't encrypted."""

    __tablename__ = "prompt_words"
    __table_args__ = (
        UniqueConstraint("prompt", "language", "version"),
        # One at a time; where none is in use, it is the catalogue's.
        partial_index("uq_prompt_words_in_use", "prompt", "language", unique=True, rows="in_use"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[Id]
    prompt: Mapped[str]
    """The key in the catalogue."""
    language: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    """With what is filled in as `{name}`."""
    made_at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    in_use: Mapped[bool]

    account: Mapped[Account | None] = relationship()
