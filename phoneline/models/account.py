"""Dashboard logins."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, word
from phoneline.states import AccountRole


class Account(Base):
    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(Encrypted)
    email_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[AccountRole] = mapped_column(word(AccountRole))
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), unique=True)
    """Who of the team logs in with it, where somebody said so."""
