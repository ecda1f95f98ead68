"""Say, Play and Pause, alone or inside a Gather or a conference's waiting room."""

import io
import wave
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from phoneline.simulator.poster import Hook, WebhookError
from phoneline.simulator.twiml import Play, Prompt, Say

if TYPE_CHECKING:
    from phoneline.simulator.session import Session

CHARACTERS_A_SECOND = 15
"""An unhurried voice. An estimate of ours: Twilio's voices differ."""

ENDLESS = 1000
"""Twilio: ``loop`` 0 means a thousand times."""

UNKNOWN_AUDIO_SECONDS = 3.0
TONE_SECONDS = 0.5

Until = Callable[[], bool] | None
LONGEST_AUDIO = 40 * 2**20
"""Bytes of a file to be played (Twilio: Play docs)."""


def speak(session: "Session", prompt: Prompt, until: Until = None) -> bool:
    """Let one prompt be heard; True when ``until`` came to hold before its end.

    Raises LegOver or Redirected as Leg.sleep does.
    """
    if isinstance(prompt, Say):
        return _say(session, prompt, until)
    if isinstance(prompt, Play):
        return _play(session, prompt, until)
    return session.leg.sleep(prompt.length, until)


def _say(session: "Session", say: Say, until: Until) -> bool:
    if not say.text:
        return False
    for _ in range(say.loop or ENDLESS):
        session.leg.check()
        session.leg.hear(say.text, say.language, voice=say.voice)
        if session.leg.sleep(len(say.text) / CHARACTERS_A_SECOND, until):
            return True
    return False


def _play(session: "Session", play: Play, until: Until) -> bool:
    if play.digits:
        session.leg.note("played", digits=play.digits)
        return session.leg.sleep(TONE_SECONDS * len(play.digits), until)
    url = session.resolve(play.url)
    seconds = _audio_seconds(session, url)
    for _ in range(play.loop or ENDLESS):
        session.leg.check()
        session.leg.hear(f"[plays {urlsplit(url).path}]", "", url=url)
        if session.leg.sleep(seconds, until):
            return True
    return False


def _audio_seconds(session: "Session", url: str) -> float:
    """How long the product's audio lasts. Other hosts are never asked; a failed fetch is silence, and told.

    What never changes is fetched once.
    """
    if urlsplit(url).netloc != urlsplit(session.exchange.line.voice_url).netloc:
        return UNKNOWN_AUDIO_SECONDS
    kept = session.exchange.kept_audio
    if url in kept:
        return kept[url]
    try:
        audio = session.exchange.ask(Hook(url, "GET", LONGEST_AUDIO), {}, session.leg.about())
    except WebhookError as error:
        session.complain(error.code, error.url, str(error))
        return 0.0
    try:
        with wave.open(io.BytesIO(audio.body)) as sound:
            seconds = float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError):
        return UNKNOWN_AUDIO_SECONDS
    if audio.kept:
        kept[url] = seconds
    return seconds
