"""Who is logged in where, links by which a login gets its password, and what was changed about logins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.login_states import LoginChange
from phoneline.models.base import Base, Encrypted, Id, word


class LoginSession(Base):
    """One browser that is logged in. Ended: the row is gone."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account_id", "account_id"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(Encrypted)
    """The browser and its system, such as "Firefox, Android"."""
    waits_for_code: Mapped[bool] = mapped_column(default=False)
    """The password was right, and the second step is still to come."""


class RecoveryCode(Base):
    """Lets somebody in once whose telephone is gone. Used: the row is gone."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_account_id", "account_id"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str]


class LoginLink(Base):
    """A link that sets a login's password, once. Used, withdrawn or replaced: the row is gone."""

    __tablename__ = "login_link"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    expires_at: Mapped[datetime]


class AccountChange(Base):
    """Something that an admin changed about a login."""

    __tablename__ = "account_change"
    __table_args__ = (Index("ix_account_change_account_id", "account_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    what: Mapped[LoginChange] = mapped_column(word(LoginChange))
    reason: Mapped[str] = mapped_column(Encrypted)
