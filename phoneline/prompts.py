"""The words of the line: key and language to text. The catalogues are `locale/<language>.toml`."""

import re
import tomllib
from functools import cache
from importlib import resources

from phoneline.live_settings import LANGUAGES
from phoneline.steps import Say

# What no XML 1.0 document may contain; a name with such a character would lose the call.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_VALUE = 200
_CHARACTERS_A_SECOND = 15


@cache
def catalogue(language: str) -> dict[str, str]:
    """All prompts of one language."""
    text = resources.files("phoneline").joinpath("locale", f"{language}.toml").read_text(encoding="utf-8")
    return {key: " ".join(words.split()) for key, words in tomllib.loads(text).items()}


def say(key: str, language: str, **values: str) -> Say:
    """The prompt `key` in `language` (English if we don't speak it), with `values` filled in and made speakable."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    clean = {name: speakable(value) for name, value in values.items()}
    text = catalogue(spoken)[key]
    return Say(text.format_map(clean), spoken, None if "{" in text else key, key, clean)


def has_gaps(key: str) -> bool:
    """Whether something is filled in when the prompt is spoken."""
    return "{" in catalogue(LANGUAGES[0])[key]


def words_seconds(key: str, language: str) -> float:
    """About how long the words of a prompt take to say."""
    return speaking_seconds((Say(catalogue(language)[key], language),))


def speakable(text: str) -> str:
    """Any text as it may stand in a prompt: no characters that XML forbids, and not endless."""
    return _NOT_XML.sub("", text)[:_LONGEST_VALUE]


def speaking_seconds(prompts: tuple[Say, ...]) -> float:
    """About how long the prompts take to say."""
    return sum(len(prompt.text) for prompt in prompts) / _CHARACTERS_A_SECOND
