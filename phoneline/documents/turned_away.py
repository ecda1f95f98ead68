"""What a caller hears who is not put through now. Never why they are blocked: somebody else may be listening."""

from dataclasses import replace

from phoneline.allowance import Allowance
from phoneline.documents import crisis
from phoneline.documents.caller import KEY_SECONDS, path
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.prompts import say
from phoneline.steps import Ask, Document, HangUp, Pause, Say


def blocked(call: Call, live: LiveSettings) -> Document:
    """A neutral sentence, then the crisis numbers, twice, to be written down."""
    numbers = crisis.numbers(live, call.number, call.language)
    return (say("blocked", call.language), numbers, Pause(1), numbers, HangUp())


def used_up(call: Call, live: LiveSettings) -> Document:
    """What was agreed on for today is used up: when they can call again, where help is, and what they can still do."""
    return (
        say("limit_used_up", call.language),
        crisis.numbers(live, call.number, call.language),
        *message_or_goodbye(call, tries=1),
    )


def message_or_goodbye(call: Call, tries: int) -> Document:
    """Silence leads to a kind end: nobody is made to leave a message each time they call."""
    ask = Ask((say("limit_message", call.language),), path(call, "used-up", tries), KEY_SECONDS)
    return (ask, *until_tomorrow(call))


def until_tomorrow(call: Call) -> Document:
    return (say("limit_goodbye", call.language), HangUp())


def left_today(allowance: Allowance, language: str) -> Say | None:
    """The gentle word at the start of a call; None while there is nothing to tell."""
    if allowance.is_last_call:
        return say("limit_last_call", language)
    minutes = allowance.minutes_left
    if minutes is None:
        return None
    return say("limit_minute", language) if minutes == 1 else say("limit_minutes", language, minutes=str(minutes))


def with_word(document: Document, word: Say | None) -> Document:
    """The first words, and this one with them."""
    first, *others = document
    if word is None or not isinstance(first, Ask):
        return document
    return (replace(first, prompts=(*first.prompts, word)), *others)
