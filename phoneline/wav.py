"""WAV files: how long one plays, whether it is one that the carrier plays, written anew, and a part of one. Pure."""

import io
import wave
from array import array
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 4 * 1024 * 1024
MOST_CHANNELS = 2
SAMPLE_BYTES = (1, 2)
FADE_SECONDS = 0.5
_MOST_PARTS = 64


RATES = range(4000, 96001)
"""How many times a second a sound may be measured; a telephone lets 8000 through."""


class Unfit(StrEnum):
    """What is wrong with a file."""

    SIZE = "size"
    """There is none, or it is too large."""
    KIND = "kind"
    """It is no WAV file, whatever its name."""
    FORM = "form"
    """One that the carrier doesn't play."""
    CUT = "cut"
    """Empty, or cut off."""
    SHORT = "short"
    LONG = "long"


class NotPlayableError(Exception):
    """What is wrong with a file; of a length also how many seconds it lasts, and how many it may or must."""

    def __init__(self, why: Unfit, lasts: float = 0, bound: float = 0) -> None:
        super().__init__(why.value)
        self.why, self.lasts, self.bound = why, lasts, bound


def seconds(audio: bytes) -> float:
    """Its length. NotPlayableError if it is no plain WAV file, or cut off."""
    return _read(audio).seconds


def plain(audio: bytes) -> bytes:
    """The same sound, written anew: nothing of the file is kept but what is heard. NotPlayableError as `seconds`."""
    sound = _read(audio)
    return written(sound.frames, sound.rate, sound.channels, sound.width)


@dataclass(frozen=True)
class _Sound:
    frames: bytes
    rate: int
    channels: int
    width: int

    @property
    def seconds(self) -> float:
        return len(self.frames) / (self.channels * self.width * self.rate)


def _read(audio: bytes) -> _Sound:
    if not _has_sound(audio):
        raise NotPlayableError(Unfit.KIND)
    try:
        with wave.open(io.BytesIO(audio)) as sound:
            channels, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            if channels not in range(1, MOST_CHANNELS + 1) or width not in SAMPLE_BYTES or rate not in RATES:
                raise NotPlayableError(Unfit.FORM)
            expected = sound.getnframes()
            frames = sound.readframes(expected)
    except (wave.Error, EOFError, RuntimeError) as error:
        raise NotPlayableError(Unfit.KIND) from error
    # A header may promise any number: what counts is what is there.
    if not frames or len(frames) != expected * channels * width:
        raise NotPlayableError(Unfit.CUT)
    return _Sound(frames, rate, channels, width)


def _has_sound(audio: bytes) -> bool:
    """Whether the part with the sound comes within the first few, so that nobody waits for a file of millions."""
    at = 12
    for _ in range(_MOST_PARTS):
        if audio[at : at + 4] == b"data":
            return True
        length = int.from_bytes(audio[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return False


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
