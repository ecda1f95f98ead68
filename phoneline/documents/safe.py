"""What is said when our own code or database fails. Needs neither."""

from phoneline.prompts import say
from phoneline.steps import Document, Go, HangUp, Join, Ring

RING_SECONDS = 30
RUNG_PATH = "/webhooks/voice/fallback/rung"
HEARD_PATH = "/webhooks/voice/fallback/heard"


def for_caller(fallback_number: str | None, language: str) -> Document:
    """Rings the fallback number if there is one; its last words are the crisis numbers."""
    # Spoken twice, to be written down; then we are told that they were heard.
    numbers = (say("crisis_numbers", language), say("crisis_numbers", language), Go(HEARD_PATH))
    if fallback_number is None:
        return (say("safe", language), *numbers)
    ring = Ring(fallback_number, RING_SECONDS, RUNG_PATH)
    return (say("safe", language), say("safe_ringing", language), ring, *numbers)


def heard() -> Document:
    """The crisis numbers were the last words."""
    return (HangUp(),)


def crisis_numbers(language: str) -> Document:
    return (say("crisis_numbers", language), HangUp())


def back_to_caller(room: str, path: str, language: str) -> Document:
    """For a volunteer who stepped out, at an address that names the room: the caller is there, alone."""
    return (
        say("safe_back", language),
        Join(room, path, path.removesuffix(f"stepped-out/{room}") + "room", star_leaves=True),
    )


def for_other_legs(language: str) -> Document:
    """For a volunteer's or a peer's leg: neutral, and over."""
    return (say("leg_failed", language), HangUp())
