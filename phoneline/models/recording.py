"""Recordings that are played instead of the words of a prompt."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.account import Account
from phoneline.models.base import Base, EncryptedBytes, Id, partial_index, word
from phoneline.models.call import Call
from phoneline.models.person import Person
from phoneline.states import TakeState


class PromptRecording(Base):
    """One version of one prompt in one language. Anybody who calls may hear it, so it isn't encrypted."""

    __tablename__ = "prompt_recording"
    __table_args__ = (
        UniqueConstraint("prompt", "language", "version"),
        # One at a time; where none is in use, the words are spoken.
        partial_index("uq_prompt_recording_in_use", "prompt", "language", unique=True, rows="in_use"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("seconds > 0", name="seconds"),
    )

    id: Mapped[Id]
    prompt: Mapped[str]
    """The key in the catalogue."""
    language: Mapped[str]
    version: Mapped[int]
    token: Mapped[str] = mapped_column(unique=True)
    """Random; its address. Another version has another, so that whoever keeps the sound never keeps an old one."""
    seconds: Mapped[float]
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    made_at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who uploaded it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who spoke it in by telephone."""
    in_use: Mapped[bool]

    account: Mapped[Account | None] = relationship()
    person: Mapped[Person | None] = relationship()


class PromptTake(Base):
    """A prompt spoken in by telephone, in the volunteers' own menu: fetched from the carrier, heard back, kept or not.

    Its audio is here only between the fetching and the word what becomes of it.
    """

    __tablename__ = "prompt_take"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        # What the clock still has to fetch from the carrier, to have deleted there, or to forget.
        partial_index("ix_prompt_take_next_try_at", "next_try_at", rows="next_try_at is not null"),
        CheckConstraint("(state = 'here') = (audio is not null)", name="here_is_audio"),
    )

    id: Mapped[Id]
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Which one of this call it is: the same request again is the same take."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    prompt: Mapped[str]
    language: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    """Random; the address of its audio, while that is here."""
    state: Mapped[TakeState] = mapped_column(word(TakeState))
    recording_sid: Mapped[str | None]
    """The carrier's id of the recording."""
    audio: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True, deferred_raiseload=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    """When the carrier was seen to have no such recording any more."""

    call: Mapped[Call] = relationship()
