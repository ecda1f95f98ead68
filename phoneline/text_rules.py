"""What an arriving text means. Pure: the words stand in `text_words.toml`.

To stop, to start and to be on shift are whole messages: "stop texting me, please" is one, "I can't stop crying" is
none. Only danger is looked for anywhere.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from phoneline.text_states import TextMeaning

CARRIER_WORDS: Mapping[str, TextMeaning] = {
    **dict.fromkeys(("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"), TextMeaning.STOP),
    **dict.fromkeys(("START", "YES", "UNSTOP"), TextMeaning.START),
    **dict.fromkeys(("HELP", "INFO"), TextMeaning.HELP),
}
"""Messages of one such word the carrier understands by itself, and answers."""
CARRIER_TYPES: Mapping[str, TextMeaning] = {
    "STOP": TextMeaning.STOP,
    "START": TextMeaning.START,
    "HELP": TextMeaning.HELP,
}
"""What a carrier with opt-out words of the operator's own says that it understood: `OptOutType`."""
ASKS_FOR_INFORMATION = "info"
ANSWERS = (TextMeaning.YES, TextMeaning.NO)
WITH_PIN = (TextMeaning.ON, TextMeaning.OFF, TextMeaning.OK, TextMeaning.GIVE, *ANSWERS)
WHOLE = (TextMeaning.STOP, TextMeaning.START, TextMeaning.HELP, *WITH_PIN)
LONGEST = 2000
"""Longer texts are looked through as far as this."""
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_NO_WORD = re.compile(r"[\W_]+")
_PIN = re.compile(r"(.+?) ([0-9]{4,8})")
_NUMBER = re.compile(r"(.+?) ?([0-9]{1,3})")


@dataclass(frozen=True)
class Understood:
    """A text's meaning, the language of its words if they have one, and who answers it."""

    meaning: TextMeaning
    language: str | None = None
    carrier: TextMeaning | None = None
    """What the carrier took it for: it has answered, or will."""
    pin: str | None = None
    number: str | None = None
    """Which of several things that we asked a yes or no is about."""


def understand(body: str, opt_out_type: str = "") -> Understood:
    """What the text means. `opt_out_type` is the carrier's own word for it, if it gave one."""
    carrier = CARRIER_TYPES.get(opt_out_type) or CARRIER_WORDS.get(body.strip().upper())
    words = folded(body)
    if opt_out_type in CARRIER_TYPES and carrier is not TextMeaning.HELP:
        return Understood(CARRIER_TYPES[opt_out_type], _whole(words)[1], carrier)
    meaning, language = _whole(words)
    pin = number = None
    if meaning is None:
        meaning, language, number = _answer(words)
    if meaning is None and (with_pin := _PIN.fullmatch(words)):
        meaning, language, pin = *_whole(with_pin[1]), with_pin[2]
        if meaning is None:
            meaning, language, number = _answer(with_pin[1])
        if meaning not in WITH_PIN:
            meaning, language, pin = None, None, None
    if meaning is None:
        meaning, language = _danger(words)
    if meaning is None and carrier is TextMeaning.HELP and words != ASKS_FOR_INFORMATION:
        meaning = TextMeaning.HELP
    return Understood(meaning or TextMeaning.WORDS, language, carrier, pin, number)


def folded(text: str) -> str:
    """The words of a text as they are compared: no case, accents, punctuation, nor letters held down for long."""
    # What a message may hold without showing it is no part of a word.
    shown = "".join(one for one in text[:LONGEST] if unicodedata.category(one) != "Cf")
    plain = unicodedata.normalize("NFKD", shown).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return _NO_WORD.sub(" ", _REPEATED.sub(r"\1", plain)).strip()


@cache
def _words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By language, then by meaning; courtesy stands beside the languages."""
    text = resources.files("phoneline").joinpath("text_words.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    courtesy = {"": {"courtesy": found.pop("courtesy")}}
    return courtesy | found


@cache
def _whole_messages() -> Mapping[str, tuple[TextMeaning, str]]:
    """Each whole message with its meaning and its language. In two languages alike, the first one's."""
    found: dict[str, tuple[TextMeaning, str]] = {}
    for language in (one for one in _words() if one):
        for meaning in WHOLE:
            for phrase in _words()[language][meaning.value]:
                found.setdefault(folded(phrase), (meaning, language))
    return found


@cache
def _courtesy() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words of courtesy before a message, and after it."""
    either = "|".join(sorted(map(folded, _words()[""]["courtesy"]), key=len, reverse=True))
    return re.compile(rf"^(?:(?:{either}) )+"), re.compile(rf"(?: (?:{either}))+$")


@cache
def _dangers() -> Sequence[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("|".join(_anywhere(phrase) for phrase in by_meaning["danger"])), language)
        for language, by_meaning in _words().items()
        if language
    ]


def _anywhere(phrase: str) -> str:
    begins = phrase.endswith("*")
    return rf"(?<!\w){folded(phrase)}" + ("" if begins else r"(?!\w)")


def _whole(words: str) -> tuple[TextMeaning | None, str | None]:
    before, after = _courtesy()
    bare = before.sub("", words)
    for candidate in (words, bare, after.sub("", words), after.sub("", bare)):
        found = _whole_messages().get(_said_once(candidate))
        if found is not None:
            # "No" is of several languages.
            return found if found[0] not in ANSWERS else (found[0], None)
    return None, None


def _answer(words: str) -> tuple[TextMeaning | None, str | None, str | None]:
    """A yes or no with the number of what it is about."""
    _, after = _courtesy()
    numbered = _NUMBER.fullmatch(after.sub("", words))
    meaning, language = _whole(numbered[1]) if numbered else (None, None)
    return (meaning, language, numbered[2]) if numbered and meaning in ANSWERS else (None, None, None)


def _said_once(words: str) -> str:
    """A single word said again and again, such as "stop stop stop", once."""
    parts = set(words.split())
    return parts.pop() if len(parts) == 1 else words


def _danger(words: str) -> tuple[TextMeaning | None, str | None]:
    for pattern, language in _dangers():
        if pattern.search(words):
            return TextMeaning.DANGER, language
    return None, None
