"""The only place that asks what time it is.

The simulated line may run faster than real life: `PHONELINE_SIMULATED_TIME` is then `EPOCH:SPEED` (Unix seconds,
factor), the same for every process of one line, so that all of them agree on the instant. Nothing else may set it.
"""

import os
import time
from datetime import UTC, datetime

SIMULATED_TIME = "PHONELINE_SIMULATED_TIME"


def _simulated() -> tuple[float, float]:
    value = os.environ.get(SIMULATED_TIME)
    if not value:
        return 0.0, 1.0
    epoch, _, speed = value.partition(":")
    return float(epoch), float(speed)


_EPOCH, SPEED = _simulated()


def timestamp() -> float:
    """Unix seconds of the line's now."""
    real = time.time()
    return real if SPEED == 1.0 else _EPOCH + (real - _EPOCH) * SPEED


def now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def machine_now() -> datetime:
    """The machine's own time, never simulated: to compare with what other programs have dated."""
    return datetime.fromtimestamp(time.time(), UTC)


def real_seconds(seconds: float) -> float:
    """How long `seconds` of the line's time take on the wall: what to hand to a wait or a time-out."""
    return seconds / SPEED


def line_seconds(seconds: float) -> float:
    """How much of the line's time goes by in `seconds` of ours: what processors and networks take."""
    return seconds * SPEED


def sleep(seconds: float) -> None:
    """Wait `seconds` of the line's time."""
    time.sleep(real_seconds(max(0.0, seconds)))
