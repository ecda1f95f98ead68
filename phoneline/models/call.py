"""Calls, the legs that we place, and the offers of a call to volunteers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from phoneline.models.base import Base, Encrypted, Id, partial_index, word, written_out
from phoneline.models.person import Person
from phoneline.states import CallOutcome, CallState, Direction, LegEnd, LegPurpose, LegState, OfferResult, may_move


class Leg(Base):
    """A call that we place: written down before it is dialled, so that nobody is ever rung twice for one reason."""

    __tablename__ = "leg"
    __table_args__ = (
        # What is waiting to be dialled, in the order of work.
        partial_index("ix_leg_pending", "priority", "created_at", rows="state = 'pending'"),
        # What the sweep asks the carrier about when nothing was heard.
        partial_index("ix_leg_check_at", "check_at", rows="state <> 'ended'"),
        # What has been spent today.
        Index("ix_leg_dialled_at", "dialled_at"),
        # Numbers that are forgotten after a while (`retention`).
        partial_index("ix_leg_number_kept", "created_at", rows="number is not null"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    """Random; stands in the leg's webhook addresses, so a callback proves that the leg exists."""
    purpose: Mapped[LegPurpose] = mapped_column(word(LegPurpose))
    priority: Mapped[int]
    number: Mapped[str] = mapped_column(Encrypted, nullable=True)
    """Null once it isn't kept any more, long after the leg's end: nobody asks for it then."""
    digits: Mapped[str | None] = mapped_column(Encrypted)
    """Keyed once somebody picks up: an extension."""
    ring_seconds: Mapped[int]
    state: Mapped[LegState] = mapped_column(word(LegState))
    carrier_sid: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    dialled_at: Mapped[datetime | None]
    """The moment before the carrier was asked. Not null from `dialling` on, but for a leg that is lent."""
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[LegEnd | None] = mapped_column(word(LegEnd))
    machine: Mapped[bool] = mapped_column(default=False)
    """The carrier said that a machine answered."""
    end_wanted_at: Mapped[datetime | None]
    """We no longer need the leg: it is to be cancelled or hung up."""
    check_at: Mapped[datetime]
    """When to ask the carrier about the leg, should nothing be heard of it until then."""
    not_there_at: Mapped[datetime | None]
    """Since when the carrier says that it knows nothing of the leg, and nothing was heard of it.

    If that goes on, the leg is over.
    """

    @property
    def is_lent(self) -> bool:
        """Whether we dialled nobody: a volunteer's own call to the line serves as this leg (`lent_legs`)."""
        return self.dialled_at is None and self.answered_at is not None


class Call(Base):
    """The leg of a caller, or of a peer we called, and how far it has come."""

    __tablename__ = "call"
    __table_args__ = (
        # The board, and the sweep of what no callback closed.
        partial_index("ix_call_live", "check_at", rows="state <> 'ended'"),
        partial_index("ix_call_nudge_at", "nudge_at", rows="nudge_at is not null"),
        Index("ix_call_started_at", "started_at"),
        Index("ix_call_person_id", "person_id", "started_at"),
        # Whose caller isn't known: these numbers are forgotten after a while (`retention`).
        partial_index("ix_call_number_kept", "started_at", "id", rows="person_id is null and number is not null"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    carrier_sid: Mapped[str | None] = mapped_column(unique=True)
    direction: Mapped[Direction] = mapped_column(word(Direction))
    leg_id: Mapped[str | None] = mapped_column(ForeignKey("leg.id"), unique=True)
    """Outbound only: how the leg was placed."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    number: Mapped[str | None] = mapped_column(Encrypted)
    """The other party's number; null when withheld."""
    language: Mapped[str]
    state: Mapped[CallState] = mapped_column(word(CallState))
    started_at: Mapped[datetime]
    wait_began_at: Mapped[datetime]
    """The cap on waiting counts from here: the first request, or the moment the caller chose to go on waiting."""
    wait_round: Mapped[int] = mapped_column(default=1)
    """Counts the waits of this call. Who passed in one round may be asked again in the next."""
    informed_at: Mapped[datetime | None]
    """When the caller had what they called for without a person: the volunteers' own menu."""
    way_out_at: Mapped[datetime | None]
    """When recording began, a call-back was chosen, or somebody picked up at the fallback number."""
    answered_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    """When the two of the conversation going on now were joined."""
    talk_seconds: Mapped[float] = mapped_column(default=0.0)
    """Joined time of the conversations that are over."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[CallOutcome | None] = mapped_column(word(CallOutcome))
    volunteer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who took the call; after several, the last."""
    room: Mapped[str | None]
    """The conference's random name."""
    safe_document_at: Mapped[datetime | None]
    """The caller was served the safe document: our own code or database failed. Such a call takes no further offers."""
    crisis_reached: Mapped[bool] = mapped_column(default=False)
    """Somebody picked up at the fallback number, or the crisis numbers were the last words."""
    recording_sid: Mapped[str | None]
    recording_seconds: Mapped[int | None]
    nudge_at: Mapped[datetime | None]
    """When to redirect the leg, should it not ask by itself for what its new state means for it."""
    check_at: Mapped[datetime]
    """When to ask the carrier about the leg, should nothing be heard of it until then."""
    not_there_at: Mapped[datetime | None]
    """As a leg's."""

    @validates("state")
    def _move(self, _name: str, new: CallState) -> CallState:
        """Only the moves that `phoneline.states` allows."""
        old: CallState | None = self.state  # none yet on a call that is being made
        if old is not None and not may_move(old, new):
            raise ValueError(f"a call can't go from {old} to {new}")
        return new

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    volunteer: Mapped[Person | None] = relationship(foreign_keys=volunteer_id)
    leg: Mapped[Leg | None] = relationship()
    offers: Mapped[list["Offer"]] = relationship(order_by="Offer.offered_at", back_populates="call")


LEG_IS_PENDING = Leg.state == written_out(LegState.PENDING, Leg.state)
LEG_IS_LIVE = Leg.state != written_out(LegState.ENDED, Leg.state)
CALL_IS_LIVE = and_(
    Call.state != written_out(CallState.ENDED, Call.state),
    # Nobody is on the phone yet.
    Call.state != written_out(CallState.SEEKING, Call.state),
)


class Offer(Base):
    """A call offered to one volunteer on a leg of their own. Free again at `released_at`."""

    __tablename__ = "offer"
    __table_args__ = (
        # One live offer, conversation or wrap-up per volunteer: nobody is rung for two callers, whatever runs at once.
        partial_index("uq_offer_volunteer_busy", "volunteer_id", unique=True, rows="released_at is null"),
        # One volunteer per call at a time: of two who press 1 together one has it.
        partial_index(
            "uq_offer_call_taken", "call_id", unique=True, rows="result = 'accepted' and conversation_ended_at is null"
        ),
        partial_index("ix_offer_nudge_at", "nudge_at", rows="nudge_at is not null"),
        Index("ix_offer_call_id", "call_id"),
        Index("ix_offer_offered_at", "volunteer_id", "offered_at"),
        Index("ix_offer_last_connected", "volunteer_id", "joined_at"),
        # A volunteer's last offers: how many were missed in a row.
        Index("ix_offer_volunteer_id", "volunteer_id", "resolved_at"),
    )

    id: Mapped[Id]
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    volunteer_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    leg_id: Mapped[str] = mapped_column(ForeignKey("leg.id"), unique=True)
    wait_round: Mapped[int]
    offered_at: Mapped[datetime]
    result: Mapped[OfferResult | None] = mapped_column(word(OfferResult))
    resolved_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    """When the volunteer and the caller were first together; null when they never were."""
    conversation_ended_at: Mapped[datetime | None]
    wrap_up_until: Mapped[datetime | None]
    outcome_at: Mapped[datetime | None]
    """When the volunteer said how it was. The same key again must not open a follow-up that was done meanwhile."""
    nudge_at: Mapped[datetime | None]
    """As for a call: when to redirect the volunteer's leg to what comes after the conversation."""
    released_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship(back_populates="offers")
    volunteer: Mapped[Person] = relationship()
    leg: Mapped[Leg] = relationship(lazy="joined")
