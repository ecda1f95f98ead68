import io
import wave

import pytest

from phoneline import wav
from phoneline.wav import NotPlayableError
from tests.sounds import tone


@pytest.mark.parametrize(("rate", "width", "channels"), [(8000, 2, 1), (44100, 2, 2), (8000, 1, 1)])
def test_a_wav_file_tells_how_long_it_plays(rate: int, width: int, channels: int) -> None:
    assert wav.seconds(tone(1.5, rate, width, channels)) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "audio",
    [b"", b"RIFF", b"<html>", b"ID3" + b"\0" * 500, tone(1)[:-100], tone(0), tone(1, width=4), tone(1, channels=5)],
    ids=["empty", "a beginning", "a page", "mp3", "cut off", "no sound", "32 bits", "five channels"],
)
def test_what_the_carrier_would_not_play_is_refused(audio: bytes) -> None:
    with pytest.raises(NotPlayableError):
        wav.seconds(audio)


@pytest.mark.parametrize(("rate", "width", "channels"), [(8000, 2, 1), (44100, 2, 2), (8000, 1, 1)])
def test_a_part_is_as_long_as_it_is_asked_for_or_what_is_left(rate: int, width: int, channels: int) -> None:
    whole = tone(5, rate, width, channels)
    assert wav.seconds(wav.part(whole, 1, 3)) == pytest.approx(3)
    assert wav.seconds(wav.part(whole, 4, 3)) == pytest.approx(1)


def test_a_part_comes_and_goes_softly_and_is_as_it_was_between() -> None:
    frames = bytes([228] * 8000 * 4)
    with wave.open(io.BytesIO(wav.part(wav.written(frames, 8000, width=1), 1, 2))) as sound:
        samples = sound.readframes(16000)
    assert samples[0] == samples[-1] == 128
    assert samples[2000] == samples[-2001] == 178
    assert set(samples[4000:-4000]) == {228}
