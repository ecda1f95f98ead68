"""What is said when our own code or database fails. Needs neither: the live settings are the last known ones."""

from phoneline.documents import crisis
from phoneline.live_settings import LiveSettings
from phoneline.prompts import say
from phoneline.steps import Document, Go, HangUp, Join, Ring

RING_SECONDS = 30
RUNG_PATH = "/webhooks/voice/fallback/rung"
HEARD_PATH = "/webhooks/voice/fallback/heard"


def for_caller(live: LiveSettings, number: str | None) -> Document:
    """Rings the fallback number if there is one; its last words are the crisis numbers."""
    language = live.languages[0]
    # Spoken twice, to be written down; then we are told that they were heard.
    once = crisis.numbers(live, number, language)
    numbers = (once, once, Go(HEARD_PATH))
    if live.home.fallback_number is None:
        return (say("safe", language), *numbers)
    ring = Ring(live.home.fallback_number, RING_SECONDS, RUNG_PATH)
    return (say("safe", language), say("safe_ringing", language), ring, *numbers)


def heard() -> Document:
    """The crisis numbers were the last words."""
    return (HangUp(),)


def crisis_numbers(live: LiveSettings, number: str | None) -> Document:
    return (crisis.numbers(live, number, live.languages[0]), HangUp())


def back_to_caller(room: str, path: str, language: str) -> Document:
    """For a volunteer who stepped out, at an address that names the room: the caller is there, alone."""
    return (
        say("safe_back", language),
        Join(room, path, path.removesuffix(f"stepped-out/{room}") + "room", star_leaves=True),
    )


def for_other_legs(language: str) -> Document:
    """For a volunteer's or a peer's leg: neutral, and over."""
    return (say("leg_failed", language), HangUp())
