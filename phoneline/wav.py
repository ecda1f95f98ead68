"""How long a WAV file plays, and whether it is one that the carrier plays. Pure."""

import io
import wave

MOST_BYTES = 4 * 1024 * 1024
MOST_CHANNELS = 2
SAMPLE_BYTES = (1, 2)


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
