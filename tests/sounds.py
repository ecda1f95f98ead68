"""Sound files for tests."""

import io
import wave


def tone(seconds: float, rate: int = 8000, width: int = 2, channels: int = 1) -> bytes:
    """A WAV file that plays so long."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(b"\1" * (round(seconds * rate) * width * channels))
    return file.getvalue()
