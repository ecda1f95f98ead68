"""Who has looked at what: kept, so that a look is never a secret."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id, word
from phoneline.states import AccessAction


class AccessLog(Base):
    """One look by one login, or by telephone by one volunteer. It outlives them and what was looked at."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_contact_id", "contact_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who listened by telephone."""
    action: Mapped[AccessAction] = mapped_column(word(AccessAction))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
