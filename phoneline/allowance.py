"""What is left today of what was agreed with somebody who calls often. Pure."""

import math
from dataclasses import dataclass

MINUTE_SECONDS = 60
WARNING_SECONDS = 2 * MINUTE_SECONDS
"""So long before the agreed minutes are used up both hear it. The prompt says this time in words."""
WARNING_STALE_SECONDS = MINUTE_SECONDS
"""With no more left than that the prompt would no longer be true, and nothing is said."""


@dataclass(frozen=True)
class Allowance:
    """The agreement, null where nothing was agreed, and what of it has been used today."""

    calls: int | None
    minutes: int | None
    calls_used: int
    seconds_used: float

    @property
    def minutes_left(self) -> int | None:
        """Begun minutes count as whole ones: nobody is told less than they have."""
        if self.minutes is None:
            return None
        return math.ceil(max(0.0, self.minutes - self.seconds_used / MINUTE_SECONDS))

    @property
    def is_last_call(self) -> bool:
        return self.calls is not None and self.calls - self.calls_used == 1

    @property
    def is_used_up(self) -> bool:
        return self.minutes_left == 0 or (self.calls is not None and self.calls_used >= self.calls)

    def is_warning_due(self, earlier: float, talking: float) -> bool:
        """Whether to say now, in a conversation, that the time is nearly used up.

        `earlier` are the seconds that the same call's other conversations took, counted as used already; `talking`
        those of the one that goes on. Whoever had no more than that left when they called was told so a moment ago.
        """
        if self.minutes is None:
            return False
        left_before = self.minutes * MINUTE_SECONDS - self.seconds_used
        left_at_start = left_before + earlier
        return left_at_start > WARNING_SECONDS and WARNING_STALE_SECONDS < left_before - talking <= WARNING_SECONDS
