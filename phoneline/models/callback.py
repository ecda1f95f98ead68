"""Promised call-backs, and each time that the line set about keeping one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Encrypted, Id, partial_index, word, written_out
from phoneline.models.call import Call
from phoneline.models.person import Person
from phoneline.states import CallbackState


class Callback(Base):
    """A caller was promised a call-back and keeps their place, or the line wants one of its own accord."""

    __tablename__ = "callback"
    __table_args__ = (
        # What the clock looks at every second.
        partial_index("ix_callback_promised", "next_try_at", rows="state = 'promised'"),
        Index("ix_callback_number_hash", "number_hash", "promised_at"),
        Index("ix_callback_person_id", "person_id", "promised_at"),
        partial_index("ix_callback_number_kept", "promised_at", rows="person_id is null and number is not null"),
        CheckConstraint("(call_id is null) <> (escalation_id is null)", name="why"),
    )

    id: Mapped[Id]
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    """The call in which it was promised."""
    escalation_id: Mapped[str | None] = mapped_column(ForeignKey("escalation.id", ondelete="CASCADE"), unique=True)
    """Nobody asked for it: a safety check-in reached nobody, and a volunteer is to call by hand."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    number: Mapped[str] = mapped_column(Encrypted, nullable=True)
    """Where to ring: the caller id, or what the caller keyed in. Null, and its hash empty, once it isn't kept, long
    after the promise is over: nobody asks for it then."""
    number_hash: Mapped[str]
    language: Mapped[str]
    promised_at: Mapped[datetime]
    place_at: Mapped[datetime]
    """The place in the queue: when the wait began."""
    state: Mapped[CallbackState] = mapped_column(word(CallbackState))
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    """How often the peer's phone was rung in vain."""

    call: Mapped[Call | None] = relationship()
    person: Mapped[Person | None] = relationship()


class CallbackTry(Base):
    """The line sets about keeping a promise: `call` seeks a volunteer first, then rings the peer."""

    __tablename__ = "callback_try"
    __table_args__ = (
        # Nobody's phone is rung twice at once, however many promises and clocks there are.
        partial_index("uq_callback_try_live", "number_hash", unique=True, rows="over_at is null"),
        Index("ix_callback_try_callback_id", "callback_id"),
    )

    id: Mapped[Id]
    callback_id: Mapped[str] = mapped_column(ForeignKey("callback.id", ondelete="CASCADE"))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    number_hash: Mapped[str]
    began_at: Mapped[datetime]
    key: Mapped[str | None]
    """The first key that the peer answered with; it holds."""
    over_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()


CALLBACK_WAITS = Callback.state == written_out(CallbackState.PROMISED, Callback.state)
TRY_IS_LIVE = CallbackTry.over_at.is_(None)
