"""What the line as a whole remembers: its live settings, its pace, its pulse and its own secrets."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from phoneline.models.base import Base, Encrypted


class LiveSetting(Base):
    """A setting that was changed from its default. See `phoneline.live_settings`."""

    __tablename__ = "live_setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[datetime]


class Pace(Base):
    """One row per carrier account: no call is placed before `next_at`. Advanced atomically for all workers."""

    __tablename__ = "pace"

    account_sid: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class Pulse(Base):
    """When a kind of process was last seen at work."""

    __tablename__ = "pulse"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Secret(Base):
    """A random secret that the line made for itself and that outlives a change of PHONELINE_KEYS."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Encrypted)
