"""What is left today of what was agreed with somebody who calls often. Pure."""

import math
from dataclasses import dataclass

MINUTE_SECONDS = 60


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
