"""Whether a waiting caller is still there: their leg comes back for the next turn every few seconds."""

from datetime import datetime, timedelta

from phoneline.models import Call

CHECK_SECONDS = 25
"""After so long without a word the carrier is asked about the leg: then its `check_at` is reached."""
LONGEST_TURN_SECONDS = 20
"""No turn of a waiting leg takes longer; after so long nobody is newly rung for a caller who may have gone."""


def recently(call: Call, now: datetime) -> bool:
    """Whether the caller's leg came back lately."""
    return call.check_at >= until(now)


def until(now: datetime) -> datetime:
    """The `check_at` of a leg that came back just lately enough."""
    return now + timedelta(seconds=CHECK_SECONDS - LONGEST_TURN_SECONDS)
