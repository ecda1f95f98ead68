"""What a coordinator hears who is called about an alarm. What it is about only after key 1."""

from phoneline.models import Leg
from phoneline.prompts import say
from phoneline.states import AlarmKind
from phoneline.steps import Ask, Document, HangUp

KEY_SECONDS = 10
MOST_TRIES = 2


def path(leg: Leg, *parts: str | int) -> str:
    return "/".join(["/webhooks/alarms", leg.token, *map(str, parts)])


def screening(leg: Leg, language: str, tries: int = 1) -> Document:
    """Only key 1 takes it on: a machine can't press a key."""
    return (Ask((say("alarm_call", language),), path(leg, "key", tries), KEY_SECONDS), HangUp())


def about(kind: AlarmKind, language: str, **filled_in: str) -> Document:
    """Said twice, since it is heard out of a sleep."""
    words = say(f"alarm_about_{kind.value}", language, **filled_in)
    return (words, words, HangUp())


def ending(prompt: str, language: str) -> Document:
    return (say(prompt, language), HangUp())
