"""The programme: groups and activities as they are planned, which of their dates don't take place, and who comes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.activity_states import ActivityAct, ActivityKind, ProgrammePage
from phoneline.models.base import Base, Encrypted, Id, partial_index, word
from phoneline.models.call import Call
from phoneline.models.person import Person


class Activity(Base):
    """Something that is on once or by a rule, in the line's wall-clock time."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("starts_local < ends_local", name="order"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("shown_from <= shown_until", name="shown"),
    )

    id: Mapped[Id]
    starts_local: Mapped[datetime] = mapped_column(DateTime)
    ends_local: Mapped[datetime] = mapped_column(DateTime)
    rrule: Mapped[str] = mapped_column(default="")
    until_local: Mapped[datetime | None] = mapped_column(DateTime)
    """From this date of the rule on it has none any more: it was taken off, or another activity goes on."""
    kind: Mapped[ActivityKind] = mapped_column(word(ActivityKind))
    held_in: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The languages that are spoken there; none: any."""
    interests: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What it is about, in single words, folded."""
    places: Mapped[int | None]
    """So many can come; null: everybody."""
    by_key: Mapped[bool] = mapped_column(default=True)
    """Callers may sign up by telephone."""
    shown_from: Mapped[date | None]
    shown_until: Mapped[date | None]
    """Callers hear of it on these days and between them."""
    made_at: Mapped[datetime]

    words: Mapped[list["ActivityWords"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="ActivityWords.language"
    )


class ActivityWords(Base):
    """What an activity is called in one language, and where or how."""

    __tablename__ = "activity_words"

    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Encrypted)
    place: Mapped[str | None] = mapped_column(Encrypted)


class ActivityOff(Base):
    """One date of the rule that doesn't take place as planned: at all, or as another activity in its stead."""

    __tablename__ = "activity_off"

    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    occurs_local: Mapped[datetime] = mapped_column(DateTime, primary_key=True)
    instead_id: Mapped[str | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"))


class ActivitySignup(Base):
    """Somebody on the list of one date: a person, a telephone of nobody we know, or just a name."""

    __tablename__ = "activity_signup"
    __table_args__ = (
        UniqueConstraint("activity_id", "occurs_local", "person_id"),
        UniqueConstraint("activity_id", "occurs_local", "number_hash"),
        CheckConstraint(
            "person_id is not null or number_hash is not null or name is not null or forgotten", name="who"
        ),
        CheckConstraint("(number is null) = (number_hash is null)", name="number"),
        partial_index("ix_activity_signup_person_id", "person_id", rows="person_id is not null"),
    )

    id: Mapped[Id]
    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    occurs_local: Mapped[datetime] = mapped_column(DateTime)
    """Which of the activity's dates it is, by the rule's wall clock."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    number: Mapped[str | None] = mapped_column(Encrypted)
    number_hash: Mapped[str | None]
    name: Mapped[str | None] = mapped_column(Encrypted)
    """Written down by hand, of somebody who isn't among the people."""
    at: Mapped[datetime]
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who put them on the list; null: they themselves, by telephone."""
    withdrawn_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    """Somebody wrote down that they were there."""
    forgotten: Mapped[bool] = mapped_column(default=False)
    """Who it was is kept no longer: they are still counted."""

    person: Mapped[Person | None] = relationship()


class ActivityChange(Base):
    """One act of somebody about the programme, so that it can be undone."""

    __tablename__ = "activity_change"
    __table_args__ = (Index("ix_activity_change_activity_id", "activity_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    act: Mapped[ActivityAct] = mapped_column(word(ActivityAct))
    activity_id: Mapped[str | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"))
    """What it left in force."""
    was_id: Mapped[str | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"))
    """What it was done to, where that is another one now."""
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    before: Mapped[str | None] = mapped_column(Encrypted)
    """What undoing it needs, as JSON."""
    undone_at: Mapped[datetime | None]


class ProgrammeVisit(Base):
    """A caller who pressed 2 in the first words, and where they stand."""

    __tablename__ = "programme_visit"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[int] = mapped_column(default=1)
    """Which question of this call it is. Each is answered once: an answer to another one changes nothing."""
    page: Mapped[ProgrammePage] = mapped_column(word(ProgrammePage), default=ProgrammePage.ITEM)
    tries: Mapped[int] = mapped_column(default=1)
    news: Mapped[str | None]
    """The prompt that is said before the question: what came of the one before."""
    items: Mapped[list[Any]] = mapped_column(JSON)
    """What is read to them: activity and date of each, in order."""
    place: Mapped[int] = mapped_column(default=0)
    """At which of these they are."""
    number: Mapped[str | None] = mapped_column(Encrypted)
    """Keyed in by whoever withholds theirs."""

    call: Mapped[Call] = relationship()
