"""A few quiet chords, made of sines: what callers hear while they wait, unless somebody chose other music. Pure."""

from array import array
from functools import cache
from hashlib import sha256
from math import cos, pi, sin

from phoneline import wav

RATE = 8000
CHORDS = ((349, 440, 523), (330, 392, 523), (349, 440, 587), (349, 466, 587))
"""Whole hertz, so that each second of a chord is like the next; within what a telephone lets through."""
CHORD_SECONDS = 8
LOUDNESS = 2200
"""Of each of the tones; a voice is three or four times as loud."""
SWELL = 0.25
VERSION_LENGTH = 16


@cache
def audio() -> bytes:
    """The chords one after another, as a WAV file."""
    samples = array("h")
    for chord in CHORDS:
        samples.extend(_second(chord) * CHORD_SECONDS)
    return wav.written(samples.tobytes(), rate=RATE)


@cache
def version() -> str:
    return sha256(audio()).hexdigest()[:VERSION_LENGTH]


@cache
def part(number: int, seconds: int) -> bytes:
    """So much of one chord."""
    return wav.part(audio(), number % len(CHORDS) * CHORD_SECONDS, seconds)


def _second(chord: tuple[int, ...]) -> "array[int]":
    """One second, which swells and ebbs a little."""
    swells = (LOUDNESS * (1 - SWELL + SWELL * cos(2 * pi * at / RATE)) for at in range(RATE))
    return array(
        "h",
        (round(swell * sum(sin(2 * pi * tone * at / RATE) for tone in chord)) for at, swell in enumerate(swells)),
    )
