"""The contact log: what happened between the line and a person, and what is still to do."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from phoneline.follow_up_states import FollowUpEnding, MoveReason
from phoneline.models.base import Base, Encrypted, Id, partial_index, word
from phoneline.models.call import Call
from phoneline.models.person import Person
from phoneline.states import ContactKind, ContactOutcome, FollowUp, HandoverKind

OPEN_ROWS = "follow_up in ('wanted', 'urgent')"
NOBODYS_ROWS = f"{OPEN_ROWS} and owner_id is null and owner_account_id is null"


class Contact(Base):
    __tablename__ = "contact"
    __table_args__ = (
        # However often a webhook repeats: one line on the log for each call and kind, one for each check-in.
        UniqueConstraint("call_id", "kind"),
        partial_index("uq_contact_checkin", "checkin_id", unique=True, rows="kind = 'checkin'"),
        # However often it is asked for: one open task to call somebody of whom nobody has heard.
        partial_index("uq_contact_outreach", "person_id", unique=True, rows=f"kind = 'outreach' and {OPEN_ROWS}"),
        Index("ix_contact_at_id", "at", "id"),
        Index("ix_contact_person_id", "person_id", "at"),
        partial_index("ix_contact_open", "follow_up", "at", rows=OPEN_ROWS),
        partial_index("ix_contact_due_at", "due_at", rows=OPEN_ROWS),
        # What was done lately.
        # What was done for somebody, on their timeline.
        partial_index("ix_contact_person_done", "person_id", "done_at", rows="done_at is not null"),
        partial_index("ix_contact_done_at", "done_at", rows="done_at is not null"),
        # What the clock looks for each second: open, and nobody's.
        partial_index("ix_contact_nobodys", "due_at", rows=NOBODYS_ROWS),
        Index("ix_contact_checkin_id", "checkin_id"),
        # Words that are forgotten after a while (`retention`).
        partial_index("ix_contact_note_kept", "at", rows="note is not null"),
        # What a volunteer wrote.
        partial_index("ix_contact_note_by", "note_by_id", "note_at", rows="note_by_id is not null"),
        # Nothing stays open without a time by which somebody has to look after it.
        CheckConstraint(f"not ({OPEN_ROWS}) or due_at is not null", name="open_is_due"),
        CheckConstraint("owner_id is null or owner_account_id is null", name="one_owner"),
        CheckConstraint("done_at is null or follow_up = 'done'", name="done"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    kind: Mapped[ContactKind] = mapped_column(word(ContactKind))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    volunteer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[ContactOutcome] = mapped_column(word(ContactOutcome), default=ContactOutcome.NONE)
    follow_up: Mapped[FollowUp] = mapped_column(word(FollowUp), default=FollowUp.NONE)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    checkin_id: Mapped[str | None] = mapped_column(ForeignKey("checkin.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(Encrypted)
    note_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """The volunteer whose words end the note."""
    note_from: Mapped[int] = mapped_column(default=0)
    """Where in the note these begin: what stands before is another's."""
    note_at: Mapped[datetime | None]
    """When they first wrote it."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """The line had no part in it: somebody wrote down that they had seen or spoken with them."""
    handed_over_at: Mapped[datetime | None]
    """When the coordinator or the crisis line first joined the conversation."""
    handed_over_to: Mapped[HandoverKind | None] = mapped_column(word(HandoverKind))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose the follow-up is: a coordinator's. Null, and no login's either: nobody's, for anybody to take."""
    owner_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """The login that took it on a page: a login isn't a person."""
    due_at: Mapped[datetime | None]
    """By when it has to be done; in the past, so at once, until the clock has given it to somebody."""
    given_at: Mapped[datetime | None]
    """Since when it is theirs and due then; null while the clock has yet to give it to somebody."""
    overdue_since: Mapped[datetime | None]
    """The first time by which it wasn't done."""
    climbs: Mapped[int] = mapped_column(default=0)
    """How often it has moved on since, because nobody had done it in time."""
    done_at: Mapped[datetime | None]
    """When the follow-up was done; null while none is, and for what was done before this was written down."""

    @validates("follow_up")
    def _no_longer_done(self, _name: str, new: FollowUp) -> FollowUp:
        if new is not FollowUp.DONE:
            self.done_at = None
        return new

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    volunteer: Mapped[Person | None] = relationship(foreign_keys=volunteer_id)
    call: Mapped[Call | None] = relationship()


class FollowUpMove(Base):
    """A follow-up that became somebody else's, or due at another time, and why: kept, so that nobody has to guess."""

    __tablename__ = "follow_up_move"
    __table_args__ = (
        Index("ix_follow_up_move_contact_id", "contact_id", "at"),
        # However many clocks run, what is overdue moves on once for each time by which it wasn't done.
        partial_index("uq_follow_up_move_climbed", "contact_id", "was_due_at", unique=True, rows="why = 'overdue'"),
    )

    id: Mapped[Id]
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    why: Mapped[MoveReason] = mapped_column(word(MoveReason))
    was_due_at: Mapped[datetime | None]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose it is from here on, unless it is a login's."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """The login that took it, or gave it to somebody."""
    due_at: Mapped[datetime | None]
    """By when it had to be done from here on, where somebody gave it another time."""
    note: Mapped[str | None] = mapped_column(Encrypted)
    """Why it got another time."""


class FollowUpEnd(Base):
    """How somebody said that a follow-up ended, and what it was before, so that it can be taken back."""

    __tablename__ = "follow_up_end"
    __table_args__ = (
        Index("ix_follow_up_end_contact_id", "contact_id", "at"),
        CheckConstraint("was in ('wanted', 'urgent')", name="was_open"),
    )

    id: Mapped[Id]
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    ending: Mapped[FollowUpEnding] = mapped_column(word(FollowUpEnding))
    was: Mapped[FollowUp] = mapped_column(word(FollowUp))
    note: Mapped[str | None] = mapped_column(Encrypted)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """The login that said so."""
    taken_back_at: Mapped[datetime | None]
