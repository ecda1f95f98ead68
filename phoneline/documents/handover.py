"""What a third party hears who is brought into a conversation. Never who is calling, nor what it is about."""

from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp, Join, Pause

MOST_TRIES = 2
HOLD_SECONDS = 3


def path(leg: Leg, *parts: str | int) -> str:
    return "/".join(["/webhooks/handovers", leg.token, *map(str, parts)])


def screening(leg: Leg, language: str, live: LiveSettings, tries: int = 1) -> Document:
    """Only a coordinator's key 1 comes in: a machine can't press a key."""
    return (
        Ask((say("handover_offer", language),), path(leg, "key", tries), live.offer_accept_seconds),
        HangUp(),
    )


def join(leg: Leg, call: Call, language: str) -> Document:
    """Into the conversation. Their leg neither ends the room nor leaves it by a key."""
    if call.room is None:
        message = "a third party is joined to a room that the call doesn't have"
        raise ValueError(message)
    return (say("handover_join", language), Join(call.room, path(leg, "after"), path(leg, "room")))


def hold(leg: Leg, language: str) -> Document:
    """The volunteer has stepped out once more, and the caller is on hold: a moment."""
    return (say("handover_hold", language), Pause(HOLD_SECONDS), Go(path(leg, "in")))


def ending(prompt: str, language: str) -> Document:
    return (say(prompt, language), HangUp())
