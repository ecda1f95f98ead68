"""The simulator's time: virtual seconds, which run ``speed`` times as fast as real ones."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime


class Pace:
    """Virtual seconds since the network was made. Speech, ringing and every time-out are counted in them.

    Only HTTP time-outs stay real: the product that answers them runs at its real speed.
    """

    def __init__(self, speed: float, wall: Callable[[], float] = time.time) -> None:
        if speed <= 0:
            raise ValueError("speed must be above zero")
        self.speed = speed
        self._wall = wall
        self._start = time.monotonic()

    def now(self) -> float:
        """Virtual seconds since the start."""
        return (time.monotonic() - self._start) * self.speed

    def real(self, seconds: float) -> float | None:
        """Real seconds for ``seconds`` virtual ones, at least 0; None (wait without end) for infinity."""
        return None if seconds == float("inf") else max(0.0, seconds / self.speed)

    def stamp(self) -> str:
        """The wall clock as Twilio writes it: RFC 2822, UTC, ``+0000``."""
        return rfc2822(self._wall())

    def wall(self) -> float:
        """Seconds since 1970 by the wall clock."""
        return self._wall()


def rfc2822(seconds: float) -> str:
    """Seconds since 1970 in the form of Twilio's REST dates."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))
