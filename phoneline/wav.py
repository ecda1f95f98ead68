"""WAV files: how long one plays, whether it is one that the carrier plays, and a part of one. Pure."""

import io
import wave
from array import array

MOST_BYTES = 4 * 1024 * 1024
MOST_CHANNELS = 2
SAMPLE_BYTES = (1, 2)
FADE_SECONDS = 0.5


class NotPlayableError(Exception):
    """What is wrong with a file, in words for whoever chose it."""


def seconds(audio: bytes) -> float:
    """Its length. NotPlayableError if it is no plain WAV file, or cut off."""
    try:
        with wave.open(io.BytesIO(audio)) as sound:
            if sound.getnchannels() > MOST_CHANNELS or sound.getsampwidth() not in SAMPLE_BYTES:
                raise NotPlayableError("The carrier plays WAV files of 8 or 16 bits, mono or stereo.")
            frames, rate = sound.getnframes(), sound.getframerate()
            whole = len(sound.readframes(frames)) == frames * sound.getnchannels() * sound.getsampwidth()
    except (wave.Error, EOFError) as error:
        raise NotPlayableError("This isn't a WAV file. Save the recording as WAV (PCM) and try again.") from error
    if not whole or not frames or not rate:
        raise NotPlayableError("The file is empty or cut off.")
    return float(frames / rate)


def written(frames: bytes, rate: int, channels: int = 1, width: int = 2) -> bytes:
    """A WAV file of these frames."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(frames)
    return file.getvalue()


def part(audio: bytes, start_seconds: int, length_seconds: int) -> bytes:
    """So much of a file from there on, or what is left of it. It comes and goes softly."""
    with wave.open(io.BytesIO(audio)) as sound:
        rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
        sound.setpos(min(start_seconds * rate, sound.getnframes()))
        frames = sound.readframes(length_seconds * rate)
    return written(_faded(frames, rate, channels, width), rate, channels, width)


def silence(seconds: int) -> bytes:
    rate = 8000
    return written(bytes(2 * rate * seconds), rate)


def _faded(frames: bytes, rate: int, channels: int, width: int) -> bytes:
    """8 bits are written from 0 up, 16 around 0."""
    samples, middle = (array("B", frames), 128) if width == 1 else (array("h", frames), 0)
    edge = min(round(rate * FADE_SECONDS) * channels, len(samples) // 2)
    for near in range(edge):
        for at in (near, len(samples) - 1 - near):
            samples[at] = middle + int((samples[at] - middle) * near / edge)
    return samples.tobytes()
