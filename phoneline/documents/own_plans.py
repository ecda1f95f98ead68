"""What a peer hears of their own check-in calls by telephone. Each question has a number, which its answer names."""

from collections.abc import Sequence

from phoneline.documents import caller
from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, Say

KEY_SECONDS = 8
MOST_TRIES = 2


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/own-plans", call.token, *map(str, parts)])


def question(call: Call, step: int, prompts: Sequence[Say], *, several: bool = False) -> Document:
    """Asked for one key, or for several and `#`; silence is an answer too."""
    return (Ask(prompts, path(call, "key", step), KEY_SECONDS, several=several), Go(path(call, "silence", step)))


def unknown(call: Call) -> Document:
    """The caller id tells nothing, or not enough."""
    return (say("plans_unknown", call.language), to_a_person(call))


def to_a_person(call: Call) -> Go:
    """Into the wait, as any caller."""
    return Go(caller.path(call, "wait", 1))
