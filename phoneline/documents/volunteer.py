"""What a volunteer hears who is offered a call, and during and after the conversation. Never who is calling.

Whom they are to call themselves is said by `volunteer_checkin_script`.
"""

from collections.abc import Sequence

from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp, Join, Say

KEY_SECONDS = 8
MOST_TRIES = 2


def path(leg: Leg, *parts: str | int) -> str:
    return "/".join(["/webhooks/offers", leg.token, *map(str, parts)])


def screening(leg: Leg, offered: Say, live: LiveSettings, tries: int = 1) -> Document:
    """Only key 1 takes the call. Silence, or another key twice, ends this leg: a machine can't press a key."""
    return (
        Ask((offered,), path(leg, "key", tries), live.offer_accept_seconds),
        HangUp(),
    )


def ending(prompt: str, language: str) -> Document:
    return (say(prompt, language), HangUp())


def join(leg: Leg, call: Call, *first: Say) -> Document:
    """Into the conversation, after these words; `*` leaves the room and goes on at `stepped-out`.

    That address names the room: with the database away it is the only one who knows the way back.
    """
    if call.room is None:
        message = "a volunteer is joined to a room that the call doesn't have"
        raise ValueError(message)
    return (*first, Join(call.room, path(leg, "stepped-out", call.room), path(leg, "room"), star_leaves=True))


def step_out(leg: Leg, language: str, prompts: Sequence[str], tries: int = 1) -> Document:
    """Silence goes back to the caller: they must not wait alone."""
    words = tuple(say(prompt, language) for prompt in prompts)
    return (Ask(words, path(leg, "step-out-key", tries), KEY_SECONDS), Go(path(leg, "back")))


def bring_whom(leg: Leg, language: str, tries: int = 1) -> Document:
    """The coordinator or the crisis line? Silence goes back to the caller."""
    return (
        Ask((say("bring_whom", language),), path(leg, "bring-key", tries), KEY_SECONDS),
        Go(path(leg, "back")),
    )


def outcome(leg: Leg, language: str, tries: int = 1) -> Document:
    after = (Go(path(leg, "outcome", tries + 1)),) if tries < MOST_TRIES else over(leg)
    return (Ask((say("outcome", language),), path(leg, "outcome-key", tries), KEY_SECONDS), *after)


def over(leg: Leg, *last: Say) -> Document:
    """Nothing more is asked. Who rang us by themself goes back to what they were at instead of hearing goodbye."""
    return (Go(path(leg, "list")),) if leg.is_lent else (*last, HangUp())
