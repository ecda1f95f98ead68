"""Check-in plans, the check-ins that follow from them, and the attempts to reach the peer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Encrypted, Id, partial_index, word, written_out
from phoneline.models.call import Call
from phoneline.models.person import Person
from phoneline.states import (
    AttemptResult,
    CheckinReason,
    CheckinState,
    PlanAuthor,
    PlanKind,
    PlanVoicemail,
    Purpose,
    SettledBy,
)


class CheckinPlan(Base):
    """When a peer wants to be called, in the wall-clock time of their own zone."""

    __tablename__ = "checkin_plan"
    __table_args__ = (
        # Those that were ended too: the spreadsheet that once made one doesn't make it anew.
        UniqueConstraint("person_id", "starts_local", "rrule", "kind"),
        CheckConstraint("attempts between 1 and 10", name="attempts"),
        CheckConstraint("retry_seconds >= 0", name="retry_seconds"),
        CheckConstraint("ring_seconds between 5 and 600", name="ring_seconds"),
        CheckConstraint("paused_until is null or paused_from < paused_until", name="pause"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
        partial_index("ix_checkin_plan_laid_out_until", "laid_out_until", rows="ended_at is null"),
        # Whom a volunteer calls.
        partial_index("ix_checkin_plan_volunteer_id", "volunteer_id", rows="volunteer_id is not null"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_local: Mapped[datetime] = mapped_column(DateTime)
    rrule: Mapped[str] = mapped_column(default="")
    kind: Mapped[PlanKind] = mapped_column(word(PlanKind))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    volunteer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """The usual volunteer."""
    escalate_to: Mapped[str | None] = mapped_column(Encrypted)
    topics: Mapped[str | None] = mapped_column(Encrypted)
    """What the peer agreed to share with the volunteer who calls."""
    attempts: Mapped[int | None]
    """How often they are rung an occasion; null, as the two below: as the live setting says."""
    retry_seconds: Mapped[int | None]
    ring_seconds: Mapped[int | None]
    second_on_retry: Mapped[bool] = mapped_column(default=True)
    """Every other attempt rings their second number, if they have one."""
    extension: Mapped[str | None] = mapped_column(Encrypted)
    """Digits that are keyed once their first number answers."""
    voicemail: Mapped[PlanVoicemail | None] = mapped_column(word(PlanVoicemail))
    """Null: what the person said for all their calls."""
    discreet: Mapped[bool] = mapped_column(default=False)
    """The line isn't named before they said who they are."""
    quiet: Mapped[str | None]
    """Their own quiet hours, every day, in place of the line's: `HH:MM-HH:MM`."""
    ends_local: Mapped[datetime | None] = mapped_column(DateTime)
    """No check-in from here on."""
    paused_from: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    """Null while paused: until somebody resumes it."""
    ended_at: Mapped[datetime | None]
    """The plan was taken off and makes no check-in any more; it stays for what it made."""
    ended_by: Mapped[PlanAuthor | None] = mapped_column(word(PlanAuthor))
    laid_out_until: Mapped[datetime]
    """A check-in exists for every due time before this instant."""

    person: Mapped[Person] = relationship(foreign_keys=person_id)


PLAN_STANDS = CheckinPlan.ended_at.is_(None)


class Checkin(Base):
    """One occasion to reach a peer: planned, tried, and in the end settled or somebody's task."""

    __tablename__ = "checkin"
    __table_args__ = (
        # However many clocks run, a plan's due time becomes one check-in.
        UniqueConstraint("plan_id", "due_at"),
        partial_index("ix_checkin_open", "dial_after", rows="state = 'due' or state = 'waiting'"),
        Index("ix_checkin_due_at", "due_at"),
        Index("ix_checkin_person_id", "person_id", "due_at"),
        partial_index("ix_checkin_settled_call_id", "settled_call_id", rows="settled_call_id is not null"),
    )

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(ForeignKey("checkin_plan.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[PlanKind] = mapped_column(word(PlanKind))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    due_at: Mapped[datetime]
    day_from: Mapped[datetime]
    """The peer's local day of `due_at` begins here and ends at `day_until`: heard from on it, it is settled."""
    day_until: Mapped[datetime]
    state: Mapped[CheckinState] = mapped_column(word(CheckinState))
    reason: Mapped[CheckinReason | None] = mapped_column(word(CheckinReason))
    """Why nobody was rung for it, where somebody or something decided that."""
    attempt_due_at: Mapped[datetime]
    """When the next attempt is due; its grace runs from here."""
    dial_after: Mapped[datetime]
    """Not dialled before this: later than `attempt_due_at` in quiet hours, or after the carrier refused."""
    attempts_used: Mapped[int] = mapped_column(default=0)
    snoozes_used: Mapped[int] = mapped_column(default=0)
    hands_off_at: Mapped[datetime | None]
    """From here on no automated call: a promised conversation did not come about and is a person's task."""
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[SettledBy | None] = mapped_column(word(SettledBy))
    settled_call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    """The call in which they were heard from: should that turn out to be a wrong number, it is somebody's task."""

    person: Mapped[Person] = relationship()
    plan: Mapped[CheckinPlan] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.at", back_populates="checkin")


CHECKIN_WAITS = or_(
    Checkin.state == written_out(CheckinState.DUE, Checkin.state),
    Checkin.state == written_out(CheckinState.WAITING, Checkin.state),
)


class Attempt(Base):
    """One leg to the peer of a check-in."""

    __tablename__ = "attempt"
    __table_args__ = (
        # One attempt at a time: while one is live or unknown no other may be dialled.
        partial_index("uq_attempt_live", "checkin_id", unique=True, rows="over_at is null"),
        Index("ix_attempt_checkin_id", "checkin_id", "at"),
    )

    id: Mapped[Id]
    checkin_id: Mapped[str] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime]
    number_position: Mapped[int] = mapped_column(default=1)
    """Which of the person's numbers was rung."""
    result: Mapped[AttemptResult | None] = mapped_column(word(AttemptResult))
    identified_at: Mapped[datetime | None]
    """The peer pressed 1 at the identity question."""
    pressed_at: Mapped[datetime | None]
    """When a key was first pressed, whichever: no machine does that."""
    message_at: Mapped[datetime | None]
    """When the leg, answered by a machine, was to be sent to the few words that are left there."""
    over_at: Mapped[datetime | None]

    checkin: Mapped[Checkin] = relationship(back_populates="attempts")
    call: Mapped[Call] = relationship()
