"""What is said at the door of the volunteers' own menu, and in it.

The words at the door are the same for every number and every PIN.
"""

from collections.abc import Sequence

from phoneline.documents import caller
from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp, Pause, Play, Say

DIGIT_SECONDS = 6
"""Silence after so long ends what is keyed in, or leads to a person where nothing was."""
KEY_SECONDS = 8
MOST_TRIES = 2
MOST_SILENT = 5
"""So many shifts in a row are read to somebody who presses nothing."""
CLOSED_SECONDS = 4
"""Time to hang up before somebody is rung."""


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/menu", call.token, *map(str, parts)])


# At the door


def ask_number(call: Call, tries: int = 1) -> Document:
    return _ask_digits(call, "number", tries, after_a_wrong_one=tries > 1)


def ask_pin(call: Call, tries: int = 1, *, after_a_wrong_one: bool = False) -> Document:
    return _ask_digits(call, "pin", tries, after_a_wrong_one=after_a_wrong_one)


def _ask_digits(call: Call, page: str, tries: int, *, after_a_wrong_one: bool) -> Document:
    prompts = [say(f"menu_{page}", call.language)]
    if after_a_wrong_one:
        prompts.insert(0, say("menu_wrong", call.language))
    return (Ask(prompts, path(call, page, tries), DIGIT_SECONDS, several=True), to_a_person(call))


def closed(call: Call) -> Document:
    """No PIN is heard for a while. Whoever stays on is put through."""
    return (say("menu_closed", call.language), Pause(CLOSED_SECONDS), to_a_person(call))


def to_a_person(call: Call) -> Go:
    """Into the wait, as any caller."""
    return Go(caller.path(call, "wait", 1))


# Inside


def top(call: Call, prompts: Sequence[Say], tries: int) -> Document:
    """The menu itself; on silence it is said a second time."""
    ask = Ask(prompts, path(call, "key", tries), KEY_SECONDS)
    return (ask, Go(path(call, "top", tries + 1))) if tries < MOST_TRIES else (ask, *goodbye(call))


def outcome_owed(call: Call, offer_id: str, tries: int) -> Document:
    """How was your last call? On silence the menu follows, and the question comes again another time."""
    ask = Ask((say("menu_outcome", call.language),), path(call, "outcome", offer_id, tries), KEY_SECONDS)
    return (ask, to_top(call))


def own_shift(call: Call, prompts: Sequence[Say], hours_id: str, tries: int = 1, silent: int = 0) -> Document:
    """A shift of theirs; on silence the next one."""
    ask = Ask(prompts, path(call, "shift", hours_id, tries), KEY_SECONDS)
    return (ask, Go(path(call, "past-shift", hours_id, silent + 1)))


def open_shift(call: Call, prompts: Sequence[Say], hours_id: str, tries: int = 1, silent: int = 0) -> Document:
    """To be taken or passed over; on silence the next one."""
    ask = Ask(prompts, path(call, "open", hours_id, tries), KEY_SECONDS)
    return (ask, Go(path(call, "past-open", hours_id, silent + 1)))


def taken_shift(call: Call, prompts: Sequence[Say], hours_id: str, tries: int) -> Document:
    """Just taken, perhaps by a slip; on silence the next one."""
    ask = Ask(prompts, path(call, "taken", hours_id, tries), KEY_SECONDS)
    return (ask, Go(path(call, "past-open", hours_id, 1)))


def heard(call: Call, said: Sequence[Say]) -> Document:
    """A list; any key ends it, and the menu comes again."""
    return (Ask(said, path(call, "key", 1), 1), to_top(call))


def call_one(call: Call, prompts: Sequence[Say], checkin_id: str, tries: int = 1) -> Document:
    """Somebody on the check-in list: to be called or passed over; on silence the menu follows."""
    return (Ask(prompts, path(call, "call", checkin_id, tries), KEY_SECONDS), to_top(call))


def message(call: Call, prompts: Sequence[Say], sound: str, contact_id: str) -> Document:
    """A caller's message, then what may be pressed; a key is heard all the while."""
    played = Ask(prompts, path(call, "message", contact_id, 1), 1, sound=Play(sound))
    return (played, *message_keys(call, contact_id, 1))


def message_keys(call: Call, contact_id: str, tries: int) -> Document:
    """On silence the menu follows."""
    ask = Ask((say("menu_message_keys", call.language),), path(call, "message", contact_id, tries), KEY_SECONDS)
    return (ask, to_top(call))


def proposal(call: Call, prompts: Sequence[Say], proposal_id: str, tries: int) -> Document:
    """To be voted on or passed over; on silence the menu follows."""
    return (Ask(prompts, path(call, "proposal", proposal_id, tries), KEY_SECONDS), to_top(call))


def to_top(call: Call) -> Go:
    return Go(path(call, "top", 1))


def goodbye(call: Call) -> Document:
    return (say("menu_goodbye", call.language), HangUp())
