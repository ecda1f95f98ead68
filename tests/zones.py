"""Time zones for tests that are about an hour of the day: theirs is the same whenever they run."""

from datetime import datetime
from zoneinfo import ZoneInfo


def where_it_is(hour: int, now: datetime) -> ZoneInfo:
    """A zone in which it is between `hour` and the next one now, on whatever day."""
    east = (hour - now.hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-east:+}")
