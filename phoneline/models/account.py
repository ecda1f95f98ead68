"""Dashboard logins."""

from datetime import datetime

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
