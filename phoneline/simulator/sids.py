"""Identifiers in Twilio's form: two letters and 32 hexadecimal digits."""

import random
import threading


class Sids:
    """Draws identifiers from a seeded generator, so that a run with one seed has the same set of them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"sids {seed}")  # noqa: S311 -- identifiers of a simulation, no secrets
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """A fresh identifier: CA call, CF conference, RE recording, SM message, PN number."""
        with self._lock:
            return f"{prefix}{self._random.getrandbits(128):032x}"
