"""Waiting for what real processes do."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def eventually(check: Callable[[], T], *, within: float = 20.0) -> T:
    """The first true answer of `check`; the test fails when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether that process does anything yet; one that merely hasn't been collected doesn't."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text("utf-8").rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return not Path("/proc").is_dir()
