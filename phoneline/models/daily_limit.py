"""What was agreed with people who call often."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, Encrypted, Id, partial_index
from phoneline.models.person import Person


class DailyLimit(Base):
    """So many conversations, or so many minutes of them, a day. Without one, nobody counts."""

    __tablename__ = "daily_limit"
    __table_args__ = (
        CheckConstraint("calls is not null or minutes is not null", name="something"),
        CheckConstraint("calls >= 1", name="calls"),
        CheckConstraint("minutes >= 1", name="minutes"),
        # Whose conversations the clock looks at.
        partial_index("ix_daily_limit_minutes", "person_id", rows="ended_at is null and minutes is not null"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    calls: Mapped[int | None]
    minutes: Mapped[int | None]
    agreed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(Encrypted)
    ended_at: Mapped[datetime | None]
    """From then on the person has no limit."""

    person: Mapped[Person] = relationship()
    account: Mapped[Account | None] = relationship()
