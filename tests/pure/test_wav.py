import io
import struct
import wave
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline import wav
from phoneline.wav import NotPlayableError, Unfit
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


SCRIPT = b"<script>alert(1)</script>%PDF-1.4 PK\3\4"


def chunk(name: bytes, data: bytes, promised: int | None = None) -> bytes:
    return name + struct.pack("<I", len(data) if promised is None else promised) + data


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def form(rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    frame = channels * width
    return chunk(b"fmt ", struct.pack("<HHIIHH", 1, channels, rate, rate * frame, frame, 8 * width))


def test_nothing_of_a_file_is_kept_but_what_is_heard() -> None:
    """One that is a page, a document or an archive as well, for whoever opens it as that."""
    heard = b"\1\0" * 8000
    both = riff(chunk(b"LIST", SCRIPT), form(), chunk(b"data", heard)) + SCRIPT
    assert wav.plain(both) == wav.written(heard, 8000)
    assert SCRIPT[:8] not in wav.plain(both)
    assert wav.plain(tone(1)) == tone(1)


@pytest.mark.parametrize(
    ("audio", "why"),
    [
        (riff(form(), chunk(b"data", b"\0" * 16, promised=0xFFFFFFF0)), Unfit.CUT),
        (riff(chunk(b"data", b"\0" * 16), form()), Unfit.KIND),
        (riff(form(rate=0), chunk(b"data", b"\0" * 16)), Unfit.FORM),
        (riff(form(rate=2_000_000_000), chunk(b"data", b"\0" * 16)), Unfit.FORM),
        (riff(form(channels=0), chunk(b"data", b"\0" * 16)), Unfit.KIND),
        (b"PK\3\4" + tone(1), Unfit.KIND),
        (tone(1)[:40], Unfit.KIND),
        (chunk(b"RIFF", b"WAVE", promised=20) + chunk(b"LIST", SCRIPT) + tone(1)[12:], Unfit.KIND),
    ],
    ids=[
        "promises four gigabytes",
        "no form",
        "no rate",
        "a made-up rate",
        "no channels",
        "an archive",
        "a header",
        "a part past its end",
    ],
)
def test_a_header_that_lies_is_refused_by_what_is_there(audio: bytes, why: Unfit) -> None:
    with pytest.raises(NotPlayableError) as refused:
        wav.plain(audio)
    assert refused.value.why is why


def test_many_small_parts_take_no_time() -> None:
    began = perf_counter()
    with pytest.raises(NotPlayableError):
        wav.seconds(riff(*[chunk(b"junk", b"")] * (wav.MOST_BYTES // 8)))
    assert perf_counter() - began < 0.5


@given(st.binary(max_size=200).map(lambda tail: tone(0.01)[:36] + tail) | st.binary(max_size=200))
def test_any_bytes_are_a_sound_or_refused(audio: bytes) -> None:
    try:
        seconds = wav.seconds(audio)
    except NotPlayableError:
        return
    assert wav.seconds(wav.plain(audio)) == pytest.approx(seconds)
