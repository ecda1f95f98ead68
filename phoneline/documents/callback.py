"""What is said for a call-back: to whoever keys in a number, to the volunteer while we ring, and to the peer.

Before the peer has pressed a key, nothing that a stranger shouldn't hear.
"""

from phoneline.documents import caller, volunteer
from phoneline.models import Call, Leg
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp, Pause, Step

DIGIT_SECONDS = 8
"""So long may pass between two digits."""
KEY_SECONDS = 8
MOST_TRIES = 2
RINGING_SECONDS = 2
"""A volunteer who waits for the peer asks so often whether they have come."""
SAID_EVERY = 3
"""Of these turns, one says that it still rings: nobody is left in silence."""


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/callbacks", call.token, *map(str, parts)])


def ask_number(call: Call, tries: int = 1) -> Document:
    """For a withheld caller id: where can we ring? Silence counts as a number that can't be."""
    prompt = "callback_number" if tries == 1 else "callback_number_again"
    answer = caller.path(call, "number", tries)
    return (Ask((say(prompt, call.language),), answer, DIGIT_SECONDS, several=True), Go(answer))


def who(call: Call, tries: int = 1, *, by_hand: bool = False) -> Document:
    """The identity question to whoever picks up."""
    if call.person is None:
        prompt = say("callback_who_unnamed", call.language)
    else:
        asked = "escalation_who" if by_hand else "callback_who"
        prompt = say(asked, call.language, name=call.person.first_name)
    after = Go(path(call, "who", tries + 1)) if tries < MOST_TRIES else Go(path(call, "silent"))
    return (Ask((prompt,), path(call, "who-key", tries), KEY_SECONDS), after)


def ringing(leg: Leg, language: str, turn: int, missed: str | None = None) -> Document:
    """The volunteer waits until the peer has come; they hear who it is that nobody reached."""
    said: list[Step] = []
    if turn == 1 and missed:
        said = [say("escalation_ringing", language, name=missed)]
    elif turn == 1:
        said = [say("callback_ringing", language)]
    elif turn % SAID_EVERY == 0:
        said = [say("callback_still_ringing", language)]
    return (*said, Pause(RINGING_SECONDS), Go(volunteer.path(leg, "ringing", turn + 1)))


def ending(prompt: str, call: Call) -> Document:
    return (say(prompt, call.language), HangUp())
