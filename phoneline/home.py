"""What of the environment's settings the use-cases go by too. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

_TORONTO = ZoneInfo("America/Toronto")


@dataclass(frozen=True)
class Home:
    """Where the line is at home: its zone, its own number, and the number that helps when it can't itself."""

    zone: ZoneInfo = _TORONTO
    number: str = ""
    fallback_number: str | None = None
