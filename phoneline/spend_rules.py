"""What the caps on calls and minutes mean: who is held back first, and when somebody should know. Pure."""

from dataclasses import dataclass
from enum import IntEnum

NEAR = 0.8
"""From this share of a cap on, coordinators are told."""
FOR_CALLERS = 1.25
"""Once a cap is reached, a quarter more is there, for callers alone."""


class Level(IntEnum):
    """How close to a cap: each level holds back what the one before does, and more."""

    FINE = 0
    NEARLY = 1
    REACHED = 2
    """Nobody is called by us any more: check-ins and call-backs are held back."""
    EXHAUSTED = 3
    """Volunteers aren't rung for callers either."""


@dataclass(frozen=True)
class Spent:
    """What one cap allows, and what of it has been used. A cap of 0 is none."""

    used: float
    cap: int

    @property
    def level(self) -> Level:
        if self.cap == 0 or self.used < NEAR * self.cap:
            return Level.FINE
        if self.used < self.cap:
            return Level.NEARLY
        return Level.REACHED if self.used < FOR_CALLERS * self.cap else Level.EXHAUSTED


@dataclass(frozen=True)
class Day:
    """The account's day so far."""

    calls: Spent
    minutes: Spent

    @property
    def level(self) -> Level:
        return max(self.calls.level, self.minutes.level)
