"""Hours that somebody gives away, swaps or needs cover for; who was asked; who waits for somebody's hours."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.cover_states import CoverKind, CoverState, SwapState
from phoneline.models.base import Base, Id, partial_index, word, written_out
from phoneline.models.person import Person
from phoneline.models.roster import ShiftHours


class CoverRequest(Base):
    """Somebody asks whether another takes their hours. Until one does they are responsible."""

    __tablename__ = "cover_request"
    __table_args__ = (
        partial_index("uq_cover_request_open", "hours_id", unique=True, rows="state = 'open'"),
        # A text that says "yes 2" must mean one of them.
        partial_index("uq_cover_request_number", "number", unique=True, rows="state = 'open'"),
        CheckConstraint("(state = 'open') = (over_at is null)", name="open_or_over"),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_cover_request_over_at", "over_at"),
        Index("ix_cover_request_hours_id", "hours_id", "over_at"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    """Short, so that a text can name it. Used again some days after it is over."""
    hours_id: Mapped[str] = mapped_column(ForeignKey("shift_hours.id", ondelete="CASCADE"))
    kind: Mapped[CoverKind] = mapped_column(word(CoverKind))
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[CoverState] = mapped_column(word(CoverState))
    made_at: Mapped[datetime]
    by_person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who asked for it: themselves, a coordinator, or the line when both are null."""
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    over_at: Mapped[datetime | None]
    ask_at: Mapped[datetime]
    """When the clock sees whom to ask next."""
    rounds: Mapped[int] = mapped_column(default=0)
    """How often people were asked; the first time only a few."""
    reminded_at: Mapped[datetime | None]
    """When they heard, shortly before, that it is still theirs."""

    hours: Mapped[ShiftHours] = relationship()
    giver: Mapped[Person] = relationship(foreign_keys=from_id)
    offers: Mapped[list["SwapOffer"]] = relationship(order_by="SwapOffer.made_at", viewonly=True)


COVER_IS_OPEN = CoverRequest.state == written_out(CoverState.OPEN, CoverRequest.state)


class SwapOffer(Base):
    """Hours of their own that somebody would give in return."""

    __tablename__ = "swap_offer"
    __table_args__ = (
        UniqueConstraint("request_id", "hours_id"),
        partial_index("uq_swap_offer_number", "number", unique=True, rows="state = 'open'"),
        CheckConstraint("(state = 'open') = (over_at is null)", name="open_or_over"),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_swap_offer_hours_id", "hours_id"),
        Index("ix_swap_offer_over_at", "over_at"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    """As a request's, of the same row of numbers."""
    request_id: Mapped[str] = mapped_column(ForeignKey("cover_request.id", ondelete="CASCADE"))
    hours_id: Mapped[str] = mapped_column(ForeignKey("shift_hours.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[SwapState] = mapped_column(word(SwapState))
    made_at: Mapped[datetime]
    over_at: Mapped[datetime | None]

    request: Mapped[CoverRequest] = relationship()
    hours: Mapped[ShiftHours] = relationship()
    person: Mapped[Person] = relationship()


SWAP_IS_OPEN = SwapOffer.state == written_out(SwapState.OPEN, SwapOffer.state)


class CoverAsked(Base):
    """Somebody was asked by text whether they take it, once; or said no without being asked."""

    __tablename__ = "cover_asked"
    __table_args__ = (
        UniqueConstraint("request_id", "person_id"),
        Index("ix_cover_asked_person_id", "person_id", "at"),
        Index("ix_cover_asked_at", "at"),
    )

    id: Mapped[Id]
    request_id: Mapped[str] = mapped_column(ForeignKey("cover_request.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    said_no_at: Mapped[datetime | None]

    request: Mapped[CoverRequest] = relationship()


class Waiting(Base):
    """Somebody would have these hours, should they become free. Who has waited longest gets them."""

    __tablename__ = "waiting"
    __table_args__ = (
        UniqueConstraint("hours_id", "person_id"),
        Index("ix_waiting_person_id", "person_id"),
        Index("ix_waiting_look_at", "look_at"),
    )

    id: Mapped[Id]
    hours_id: Mapped[str] = mapped_column(ForeignKey("shift_hours.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    look_at: Mapped[datetime]
    """Not looked at before this: they couldn't have the hours a moment ago."""

    hours: Mapped[ShiftHours] = relationship()
    person: Mapped[Person] = relationship()
