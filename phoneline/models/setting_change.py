"""What was changed about the line, when and by whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted, Id, word
from phoneline.setting_states import ChangeSource, SettingKind


class SettingChange(Base):
    """One change of how the line behaves. It outlives whoever made it."""

    __tablename__ = "setting_change"
    __table_args__ = (
        Index("ix_setting_change_at", "at", "id"),
        Index("ix_setting_change_of", "kind", "key", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    kind: Mapped[SettingKind] = mapped_column(word(SettingKind))
    key: Mapped[str]
    """The name of a setting or a prompt, or the id of a block, a limit or a pair: never a name or a number."""
    language: Mapped[str | None]
    old: Mapped[str | None]
    new: Mapped[str | None]
    """As written down; null where there is none, such as the words of the catalogue."""
    reason: Mapped[str | None] = mapped_column(Encrypted)
    source: Mapped[ChangeSource] = mapped_column(word(ChangeSource))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who did it by telephone."""
    undoes_id: Mapped[str | None] = mapped_column(ForeignKey("setting_change.id", ondelete="SET NULL"))
    """The change that it takes back."""
