"""What was changed about the roster, by whom: open to everybody on the team."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Id, word
from phoneline.roster_states import RosterAct


class RosterChange(Base):
    """One act. Without somebody who did it, it was the line itself."""

    __tablename__ = "roster_change"
    __table_args__ = (
        Index("ix_roster_change_at", "at", "id"),
        Index("ix_roster_change_hours_id", "hours_id", "at"),
        Index("ix_roster_change_shift_id", "shift_id", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    act: Mapped[RosterAct] = mapped_column(word(RosterAct))
    hours_id: Mapped[str | None] = mapped_column(ForeignKey("shift_hours.id", ondelete="SET NULL"))
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime | None]
    """What it is about, as it was afterwards: hours that are off, or a shift that ended, as they were before."""
    ends_at: Mapped[datetime | None]
    tier: Mapped[int | None]
    from_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose it was."""
    to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose it is."""
    by_person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What undoing it needs: ids, times and numbers alone."""
    undone_at: Mapped[datetime | None]
