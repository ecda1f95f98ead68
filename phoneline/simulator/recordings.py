"""Recordings: what the Recordings resource shows of them, and their audio."""

import io
import math
import wave
from dataclasses import dataclass

RATE = 8000
HUM = bytes(128 + int(30 * math.sin(2 * math.pi * n / 40)) for n in range(RATE))
"""One second of a quiet 200 Hz tone, eight bits a sample."""


@dataclass
class Recording:
    """One recording; ``duration`` in whole virtual seconds. It can be fetched once ``ready`` (Twilio: Record docs)."""

    sid: str
    call_sid: str
    created_wall: float
    status: str = "in-progress"
    duration: int = 0
    deleted: bool = False
    media_from: float = 0.0
    """The network's time from which the audio is there; that may be later than the word that it is complete."""

    def ready(self, now: float) -> bool:
        """Whether the audio can be fetched."""
        return self.status == "completed" and not self.deleted and now >= self.media_from

    def wav(self) -> bytes:
        """A real WAV file of the recording's length: mono, 8 kHz, eight bits. Made anew each time, never kept."""
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(RATE)
            sound.writeframes(HUM * self.duration)
        return buffer.getvalue()
