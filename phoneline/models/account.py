"""Dashboard logins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, word
from phoneline.states import AccountRole


class Account(Base):
    __tablename__ = "account"

    __table_args__ = (CheckConstraint("language in ('en', 'fr', 'es')", name="language"),)

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(Encrypted)
    email_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[AccountRole] = mapped_column(word(AccountRole))
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), unique=True)
    """Who of the team logs in with it, where somebody said so."""
    language: Mapped[str | None]
    """In which they read the pages; null: their browser's."""
    timezone: Mapped[str | None]
    """By whose clock they read them; null: their person's, else the line's."""
    invited_at: Mapped[datetime | None]
    """Set until whoever was invited has chosen a password."""
    ended_at: Mapped[datetime | None]
    """Nobody logs in with it any more; it stays for what was done with it."""
    seen_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    """What an authenticator app of theirs makes its codes of."""
    totp_offered: Mapped[str | None] = mapped_column(Encrypted)
    """Shown to an app that hasn't given a code yet."""
    totp_step: Mapped[int | None]
    """Of which half minute the last code was: that one and earlier ones don't count again."""
