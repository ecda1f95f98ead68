"""Secret addresses from which calendar programs fetch shifts."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index
from phoneline.models.person import Person


class RosterFeed(Base):
    """One address: a volunteer's own shifts, or everybody's. Whoever knows it may read them until it is revoked."""

    __tablename__ = "roster_feed"
    __table_args__ = (partial_index("ix_roster_feed_person_id", "person_id", rows="revoked_at is null"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    """Of the secret in the address; the address itself is shown once, to whoever makes it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Whose shifts; null: the whole roster."""
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    fetched_at: Mapped[datetime | None]
    """When it was last fetched, to the hour."""
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
