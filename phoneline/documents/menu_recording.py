"""What is said while a prompt is recorded by telephone."""

from collections.abc import Sequence

from phoneline.documents.menu import DIGIT_SECONDS, KEY_SECONDS, path, to_top
from phoneline.models import Call, PromptTake
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, Pause, Play, Record

BEFORE_TONE_SECONDS = 1
SILENCE_SECONDS = 4
"""Ends a recording; a breath between two sentences is shorter."""
SPARE_SECONDS = 2
"""To draw breath after the tone, and to find the key: silence is trimmed off, and doesn't count."""
TURN_SECONDS = 2
MOST_TURNS = 15
"""For half a minute the recording is waited for."""
SAID_AGAIN_EVERY = 5


def ask_which(call: Call, tries: int = 1) -> Document:
    prompts = [say("menu_record_which", call.language)]
    if tries > 1:
        prompts.insert(0, say("menu_record_unknown", call.language))
    return (Ask(prompts, path(call, "record", tries), DIGIT_SECONDS, several=True), to_top(call))


def ask_language(call: Call, prompt: str, languages: Sequence[str], tries: int = 1) -> Document:
    """In which of the line's languages."""
    choices = [
        say(f"menu_record_in_{language}", call.language, digit=str(number))
        for number, language in enumerate(languages, 1)
    ]
    return (Ask(choices, path(call, "record", prompt, tries), KEY_SECONDS), to_top(call))


def heard_now(call: Call, prompt: str, language: str, number: int) -> Document:
    """As callers hear it now. Silence, or any key but #, leads to the tone."""
    begin = path(call, "record", prompt, language, number)
    prompts = (
        say("menu_record_now", call.language),
        say(prompt, language),
        say("menu_record_after", call.language),
    )
    return (Ask(prompts, begin, BEFORE_TONE_SECONDS), Go(begin))


def recorder(call: Call, take_id: str, most_seconds: int) -> Document:
    """The same after silence as after words: what the recorder heard is asked of the carrier."""
    done, events = path(call, "take", take_id, "recorded"), path(call, "take", take_id, "recording")
    return (Record(done, events, most_seconds + SPARE_SECONDS, SILENCE_SECONDS, trims=True), Go(done))


def wait(call: Call, take_id: str, turn: int) -> Document:
    again = (Pause(TURN_SECONDS), Go(path(call, "take", take_id, "turn", turn + 1)))
    return again if turn % SAID_AGAIN_EVERY != 1 else (say("menu_record_wait", call.language), *again)


def heard_back(call: Call, take: PromptTake, tries: int) -> Document:
    """The recording, and what may be pressed; a key is heard all the while. On silence all stays as it was."""
    to, sound = path(call, "take", take.id, "key", tries), Play(f"/webhooks/takes/{take.token}/audio")
    played = Ask((say("menu_record_back", call.language),), to, 1, sound=sound)
    choices = Ask((say("menu_record_keys", call.language),), to, KEY_SECONDS)
    return (played, choices, *left(call))


def unfit(call: Call, take_id: str, most_seconds: int, tries: int) -> Document:
    prompts = (
        say("menu_record_unfit", call.language, seconds=str(most_seconds)),
        say("menu_record_again", call.language),
    )
    return (Ask(prompts, path(call, "take", take_id, "key", tries), KEY_SECONDS), *left(call))


def kept(call: Call) -> Document:
    return (say("menu_record_kept", call.language), to_top(call))


def left(call: Call) -> Document:
    return (say("menu_record_left", call.language), to_top(call))


def late(call: Call) -> Document:
    return (say("menu_record_late", call.language), to_top(call))


def back(call: Call) -> Document:
    return (to_top(call),)
