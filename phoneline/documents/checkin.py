"""What a peer hears in an automated check-in. Before key 1 says who they are, nothing that a stranger shouldn't."""

from phoneline.models import Call, Person
from phoneline.prompts import say
from phoneline.spoken_numbers import digit_by_digit
from phoneline.steps import Ask, Document, Go, HangUp, Say

KEY_SECONDS = 8
AFTER_MESSAGE_SECONDS = 4
MOST_TRIES = 2
MOST_TIMES = 3
"""So often a time can be keyed in."""


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/checkins", call.token, *map(str, parts)])


def who(call: Call, person: Person, *, may_snooze: bool, names_line: bool, tries: int = 1) -> Document:
    """The identity question. Without the line's name for whom we call in discreet mode, or a machine may record it."""
    keys = ["checkin_key_me", *(["checkin_key_later"] if may_snooze else []), "checkin_key_stop"]
    prompts = (
        _say(call, "checkin_hello" if names_line else "checkin_hello_discreet"),
        say("checkin_who", call.language, name=person.first_name),
        *(_say(call, key) for key in keys),
    )
    return (_ask(call, prompts, "who-key", tries), _once_more(call, "who", tries))


def menu(call: Call, *, somebody_there: bool, may_snooze: bool, line_number: str, tries: int = 1) -> Document:
    """For somebody who said who they are: who calls, the keys, and where to call back."""
    keys = ["checkin_key_ok", "checkin_key_talk" if somebody_there else "checkin_key_call_back"]
    keys += ["checkin_key_later"] if may_snooze else []
    prompts = [_say(call, key) for key in ("checkin_call", *keys, "checkin_key_stop")]
    if line_number:
        prompts.append(say("checkin_number", call.language, number=digit_by_digit(line_number)))
    return (_ask(call, tuple(prompts), "key", tries), _once_more(call, "menu", tries))


def _say(call: Call, prompt: str) -> Say:
    return say(prompt, call.language)


def _ask(call: Call, prompts: tuple[Say, ...], answer: str, tries: int) -> Ask:
    """The second time slowly: a sleepy person may need it."""
    slow = tries > 1
    first = (_say(call, "checkin_slowly"),) if slow else ()
    return Ask((*first, *prompts), path(call, answer, tries), KEY_SECONDS, slow=slow)


def _once_more(call: Call, asked: str, tries: int) -> Go:
    """Silence gets the prompt a second time, then a kind end."""
    return Go(path(call, asked, tries + 1)) if tries < MOST_TRIES else Go(path(call, "silent"))


def listening(call: Call) -> Document:
    """Where a machine may record it nothing more is said, but a key of whoever is there still counts."""
    return (Ask((), path(call, "who-key", MOST_TRIES), KEY_SECONDS), HangUp())


def message(call: Call, person: Person) -> Document:
    """On an answering machine. Whoever hears it live has a key."""
    prompts = (
        say("checkin_message", call.language, name=person.first_name),
        *(_say(call, prompt) for prompt in ("checkin_message_again", "checkin_message_there")),
    )
    return (Ask(prompts, path(call, "who-key", MOST_TRIES), AFTER_MESSAGE_SECONDS), HangUp())


def later(call: Call, when: str, tries: int, refusal: str | None = None) -> Document:
    """When they are called again, and how to have another time. Whoever hangs up has chosen, too."""
    again = say("checkin_again", call.language, when=when)
    first = (_say(call, refusal), again) if refusal else (again,)
    if tries > MOST_TIMES:
        return (*first, _say(call, "checkin_bye"), HangUp())
    ask = (*first, _say(call, "checkin_another_time"))
    return (
        Ask(ask, path(call, "later", tries), KEY_SECONDS, several=True),
        _say(call, "checkin_bye"),
        HangUp(),
    )


def fine(call: Call, when: str | None) -> Document:
    """They are OK; `when` is their next call, if there is one."""
    following = (say("checkin_next", call.language, when=when),) if when else ()
    return (_say(call, "checkin_ok"), *following, _say(call, "checkin_bye"), HangUp())


def ending(prompt: str, call: Call) -> Document:
    return (_say(call, prompt), HangUp())
