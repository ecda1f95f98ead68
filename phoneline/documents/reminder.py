"""What a volunteer hears who is called about a shift of theirs. Whoever picks up hears no name, nor the line's."""

from phoneline.models import Leg
from phoneline.prompts import say
from phoneline.steps import Ask, Document, HangUp

KEY_SECONDS = 10
MOST_TRIES = 2


def path(leg: Leg, *parts: str | int) -> str:
    return "/".join(["/webhooks/reminders", leg.token, *map(str, parts)])


def question(leg: Leg, key: str, language: str, tries: int = 1, **values: str) -> Document:
    """Only a key answers: a machine can't press one."""
    return (Ask((say(key, language, **values),), path(leg, "key", tries), KEY_SECONDS), HangUp())


def ending(key: str, language: str) -> Document:
    return (say(key, language), HangUp())
