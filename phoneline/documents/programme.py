"""What a caller hears of the programme. Each question has a number, which its answer names."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from phoneline import spoken
from phoneline.documents import caller
from phoneline.models import Call
from phoneline.programme import Happening, words_in
from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, Say

KEY_SECONDS = 5
DIGITS_SECONDS = 8
MOST_TRIES = 2


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/programme", call.token, *map(str, parts)])


def question(call: Call, step: int, prompts: Sequence[Say], *, several: bool = False) -> Document:
    """Asked for one key, or for several and `#`; silence is an answer too."""
    silence = DIGITS_SECONDS if several else KEY_SECONDS
    return (Ask(prompts, path(call, "key", step), silence, several=several), Go(path(call, "silence", step)))


def nothing(call: Call) -> Document:
    return (say("programme_nothing", call.language), to_a_person(call))


def to_a_person(call: Call) -> Go:
    """Into the wait, as any caller."""
    return Go(caller.path(call, "wait", 1))


def item(call: Call, happening: Happening, own: str, zone: ZoneInfo, now: datetime) -> Sequence[Say]:
    """When, what, and where or how. The activity's own words are said in the language that they are in."""
    language, activity = call.language, happening.activity
    when = spoken.span(happening.starts_at, happening.ends_at, now, zone, language)
    words = words_in(activity, language, own)
    said = [
        say("programme_when", language, when=when[:1].upper() + when[1:]),
        say("programme_words", words.language, words=words.title),
        say(f"programme_{activity.kind}", language),
    ]
    if words.place:
        said.append(say("programme_words", words.language, words=words.place))
    if activity.held_in and language not in activity.held_in:
        said += [say(f"programme_held_{one}", language) for one in activity.held_in]
    return said
