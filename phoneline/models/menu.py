"""The volunteers' own menu by telephone: who stands at its door, and which PINs were tried in vain."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base
from phoneline.models.call import Call
from phoneline.models.person import Person


class MenuVisit(Base):
    """A caller who pressed `*` in the first words. In the menu from `opened_at` on, when the PIN was right."""

    __tablename__ = "menu_visit"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str | None]
    """A keyed hash of whom they say they are, a volunteer or a number that is none's; null until it was said."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """The volunteer whose number was said or shown; null for any other number, which must not be told apart."""
    opened_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    person: Mapped[Person | None] = relationship()


class PinTry(Base):
    """One PIN that was keyed in, written down before it is looked at: however many try at once, each counts."""

    __tablename__ = "pin_try"
    __table_args__ = (Index("ix_pin_try_at", "at"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    """The call, or the carrier's id of the text."""
    number: Mapped[int] = mapped_column(primary_key=True)
    """Which try of this call it is: the same request again is the same try."""
    at: Mapped[datetime]
    right: Mapped[bool] = mapped_column(default=False)


class PinLock(Base):
    """Wrong PINs in a row for one volunteer, from one telephone, or everywhere; and until when no more are heard."""

    __tablename__ = "pin_lock"
    __table_args__ = (Index("ix_pin_lock_changed_at", "changed_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    """`who` or `from` and a keyed hash, or `all`."""
    wrong: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class KnownTelephone(Base):
    """A volunteer's telephone from which their PIN was texted: it needn't be again, while it is the same PIN."""

    __tablename__ = "known_telephone"

    number_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str | None]
    since: Mapped[datetime]
