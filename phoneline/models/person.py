"""People: peers, volunteers, coordinators, often several at once. Names and numbers are encrypted at rest."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, literal
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Encrypted, Id, partial_index, word
from phoneline.states import ConsentKind, Role
from phoneline.volunteer_states import Shares

SEVERAL_MISSED = 3
"""So many check-ins missed in a row put somebody on the list of those not heard from."""


def _when_made(context: DefaultExecutionContext) -> Any:  # noqa: ANN401 - whatever the insert says
    return context.get_current_parameters()["created_at"]  # type: ignore[no-untyped-call]  # has no annotations


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("not_heard_days between 1 and 3650", name="not_heard_days"),
        # Whom nobody has heard from, longest silent first: by the line's days, by their own, by what was missed.
        partial_index("ix_person_last_heard_at", "last_heard_at", "id", rows="not_heard_days is null"),
        partial_index("ix_person_own_days", "not_heard_days", "last_heard_at", "id", rows="not_heard_days is not null"),
        partial_index("ix_person_missed", "last_heard_at", "id", rows=f"checkins_missed >= {SEVERAL_MISSED}"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(Encrypted)
    alias: Mapped[str | None] = mapped_column(Encrypted)
    """What volunteers hear and see instead of the name, where the person wishes that."""
    name_hash: Mapped[str]
    """`crypto.lookup_hash` of the folded name: with a number's hash it identifies a row of the people spreadsheet."""
    language: Mapped[str | None]
    timezone: Mapped[str | None]
    speaks: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Languages beyond their own `language`."""
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What a volunteer brings: experience, gender, whatever a caller may wish for."""
    prefers: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Skills that a caller would like in a volunteer, what matters most first."""
    voicemail_ok: Mapped[bool] = mapped_column(default=False)
    ready: Mapped[bool] = mapped_column(default=True)
    """A volunteer who may be rung: trained. Without meaning for others."""
    shadowing: Mapped[bool] = mapped_column(default=False)
    """A volunteer who isn't ready yet and learns by sitting in beside one who is; never rung."""
    pin_hash: Mapped[str | None]
    shares: Mapped[Shares] = mapped_column(word(Shares), default=Shares.USUAL)
    """What volunteers who talked with them may learn."""
    created_at: Mapped[datetime]
    last_heard_at: Mapped[datetime] = mapped_column(default=_when_made)
    """When they were last in touch (`last_heard`); until then, when they came into the line's books."""
    checkins_missed: Mapped[int] = mapped_column(default=0)
    """Check-ins in a row in which they weren't reached."""
    not_heard_days: Mapped[int | None]
    """After so many days without a word they are on the list of those not heard from; null: the line's number."""

    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """The same person's other record: all that was here is there now, and here is only what undoing that needs."""
    erased_at: Mapped[datetime | None]
    """They asked to be erased: what is left stands for nobody, and keeps the figures of old check-ins true."""

    roles: Mapped[list["PersonRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    numbers: Mapped[list["PhoneNumber"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PhoneNumber.position"
    )

    def has(self, role: Role) -> bool:
        return any(held.role is role for held in self.roles)

    @property
    def first_name(self) -> str:
        """The first word of the name: all of it that is ever spoken, to themselves and to those who know them."""
        return (self.name.split() or [""])[0]

    @property
    def known_as(self) -> str:
        """What a volunteer hears: the alias, whole; without one the first name."""
        return self.alias or self.first_name


MISSED_SEVERAL = Person.checkins_missed >= literal(SEVERAL_MISSED, literal_execute=True)


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role), primary_key=True)


class PhoneNumber(Base):
    __tablename__ = "phone_number"
    __table_args__ = (
        UniqueConstraint("person_id", "position"),
        CheckConstraint("position in (1, 2)", name="position"),
        # A volunteer's number is theirs alone: accepting a call by it must point at one person.
        partial_index("uq_phone_number_sole", "number_hash", unique=True, rows="sole"),
        Index("ix_phone_number_number_hash", "number_hash"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    position: Mapped[int]
    """1 is the number that is rung first, 2 the one for a retry."""
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str]
    sole: Mapped[bool] = mapped_column(default=False)
    """Held by a volunteer, so nobody else may hold it."""
    identifies: Mapped[bool] = mapped_column(default=True)
    """Not when others use the telephone too: then it tells nobody who calls."""


class Consent(Base):
    """One entry of the consent ledger: given once, perhaps withdrawn once. A later yes is a new entry."""

    __tablename__ = "consent"
    __table_args__ = (
        partial_index("uq_consent_given", "person_id", "kind", unique=True, rows="withdrawn_at is null"),
        # A person's whole ledger: their last word.
        Index("ix_consent_person_id", "person_id", "given_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(word(ConsentKind), default=ConsentKind.AUTOMATED_CALLS)
    given_at: Mapped[datetime]
    given_how: Mapped[str]
    words: Mapped[str | None] = mapped_column(Encrypted)
    """What they were asked or said, as far as somebody wrote it down."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_how: Mapped[str | None]
