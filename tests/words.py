"""What a caller from the line's own region hears."""

from phoneline.documents import crisis
from phoneline.live_settings import LiveSettings
from phoneline.prompts import say


def heard(key: str, language: str = "en", **values: str) -> str:
    """A prompt with the default crisis numbers filled in."""
    return say(key, language, **crisis.spoken(LiveSettings(), None, language), **values).text
