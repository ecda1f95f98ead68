"""What a caller hears outside the line's hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

from phoneline import spoken
from phoneline.documents import crisis
from phoneline.documents.caller import KEY_SECONDS, crisis_numbers, path
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp, Ring, Say

RING_SECONDS = 30


def greeting(call: Call, opening: datetime | None, zone: ZoneInfo) -> Say:
    """The first words, with the next opening as the caller's own clock shows it."""
    if opening is None:
        return say("closed_greeting", call.language)
    when = spoken.when(opening, call.started_at, zone, call.language)
    return say("closed_greeting_until", call.language, when=when)


def choices(call: Call, live: LiveSettings, tries: int = 1) -> Document:
    """The ways out. Silence leads to the recorder."""
    keys = ["closed_crisis"]
    if live.home.fallback_number is not None:
        keys.append("closed_pass_on")
    keys += ["closed_callback", "closed_message"]
    return (
        Ask(
            tuple(say(key, call.language, **crisis_numbers(call, live)) for key in keys),
            path(call, "choice", tries),
            KEY_SECONDS,
        ),
        Go(path(call, "message")),
    )


def passing_on(call: Call, number: str) -> Document:
    """Rings the fallback number; what comes then depends on whether somebody was there."""
    ring = Ring(number, RING_SECONDS, path(call, "picked-up"), path(call, "passed-on"))
    return (say("closed_ringing", call.language), ring, Go(path(call, "passed-on")))


def passed_on(call: Call, live: LiveSettings) -> Document:
    """They have talked."""
    return (say("passed_on", call.language, **crisis_numbers(call, live)), HangUp())


def nobody_there(call: Call, live: LiveSettings) -> Document:
    """Nobody picked up: the crisis numbers, twice, to be written down; then we are told that they were heard."""
    numbers = crisis.numbers(live, call.number, call.language)
    return (say("closed_nobody_there", call.language), numbers, numbers, Go(path(call, "numbers-heard")))
