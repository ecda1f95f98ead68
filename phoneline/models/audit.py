"""Who has looked at what, and who changed a check-in by hand: kept, so that neither is ever a secret."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id, word
from phoneline.states import AccessAction


class AccessLog(Base):
    """One look or act by one login, or a volunteer's look by telephone. It outlives them and what it was about."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_contact_id", "contact_id", "at"),
        Index("ix_access_log_checkin_id", "checkin_id", "at"),
        Index("ix_access_log_about_id", "about_id", "at"),
        # What is forgotten after a while (`retention`).
        Index("ix_access_log_at", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who listened by telephone."""
    action: Mapped[AccessAction] = mapped_column(word(AccessAction))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    checkin_id: Mapped[str | None] = mapped_column(ForeignKey("checkin.id", ondelete="SET NULL"))
    about_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose record was looked at."""
    signup_id: Mapped[str | None] = mapped_column(ForeignKey("activity_signup.id", ondelete="SET NULL"))
    """Whose telephone on the list of an activity was shown."""
