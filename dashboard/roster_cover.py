"""How the days on the roster's page are covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline.live_settings import LiveSettings


@dataclass(frozen=True)
class Gap:
    """A stretch with fewer people than are needed; `tier` where only that one lacks."""

    starts_at: datetime
    ends_at: datetime
    had: int
    minimum: int
    tier: int | None = None


def gaps(session: Session, live: LiveSettings, since: datetime, until: datetime) -> Sequence[Gap]:  # noqa: ARG001 - until needs are known
    return []
