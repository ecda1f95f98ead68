"""What a peer hears in an automated check-in. Before key 1 says who they are, nothing that a stranger shouldn't."""

from phoneline.models import Call, Person
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp

KEY_SECONDS = 8
MOST_TRIES = 2


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/checkins", call.token, *map(str, parts)])


def who(call: Call, person: Person, *, may_snooze: bool, tries: int = 1) -> Document:
    prompt = "checkin_who" if may_snooze else "checkin_who_last"
    return (
        Ask((say(prompt, call.language, name=person.first_name),), path(call, "who-key", tries), KEY_SECONDS),
        _once_more(call, "who", tries),
    )


def menu(call: Call, person: Person, *, may_snooze: bool, tries: int = 1) -> Document:
    prompt = "checkin_menu" if may_snooze else "checkin_menu_last"
    return (
        Ask((say(prompt, call.language, name=person.first_name),), path(call, "key", tries), KEY_SECONDS),
        _once_more(call, "menu", tries),
    )


def _once_more(call: Call, asked: str, tries: int) -> Go:
    """Silence gets the prompt a second time, then a kind end: a sleepy person may need it."""
    return Go(path(call, asked, tries + 1)) if tries < MOST_TRIES else Go(path(call, "silent"))


def ending(prompt: str, call: Call) -> Document:
    return (say(prompt, call.language), HangUp())
