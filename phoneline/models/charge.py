"""What the carrier charges for a call or a text: told by it some time after, asked for by the clock."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.charge_states import ChargeKind
from phoneline.models.base import Base, Id, partial_index, word


class Charge(Base):
    """One thing that costs. It outlives what it was for, and says nothing of anybody."""

    __tablename__ = "charge"
    __table_args__ = (
        partial_index("ix_charge_next_ask_at", "next_ask_at", rows="next_ask_at is not null"),
        Index("ix_charge_at", "at"),
        CheckConstraint("(micros is null) = (unit is null)", name="known"),
        CheckConstraint("micros is null or next_ask_at is null", name="asked"),
    )

    id: Mapped[Id]
    carrier_sid: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ChargeKind] = mapped_column(word(ChargeKind))
    at: Mapped[datetime]
    """When the call began, or the text was written down: to which day its price belongs."""
    micros: Mapped[int | None] = mapped_column(BigInteger)
    """Millionths of the unit; null while the carrier hasn't said."""
    unit: Mapped[str | None]
    """The currency, such as USD."""
    tries: Mapped[int] = mapped_column(default=0)
    next_ask_at: Mapped[datetime | None]
    """When to ask next; null once it is known, or was asked for in vain often enough."""
