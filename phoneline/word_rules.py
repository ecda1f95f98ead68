"""Which prompts may say other words than the catalogue's, and which words will do. Pure."""

from enum import StrEnum
from string import Formatter

from phoneline.live_settings import LANGUAGES
from phoneline.prompts import catalogue, speakable, speaking_seconds
from phoneline.recordings import SAFE, most_seconds
from phoneline.steps import Say

FIXED = (
    *("text_", "alarm_text_", "cover_", "refused_", "letter_covered", "letter_gap", "escalation_team_over"),
    *("crisis_call", "escalation_words", "plans_agree", "plans_read"),
)
"""Sent as texts, said within others, or kept as what somebody agreed to: all of it is written before it is said."""
CHARACTERS_A_SECOND = 15
MOST_CHARACTERS = 900


class WordsRefusal(StrEnum):
    """Why some words won't do."""

    EMPTY = "empty"
    LONG = "long"
    GAPS = "gaps"


def may_be_reworded(prompt: str) -> bool:
    return prompt in catalogue(LANGUAGES[0]) and prompt not in SAFE and not prompt.startswith(FIXED)


def tidy(text: str) -> str:
    """As it is kept: in one line, of characters that may be spoken."""
    return " ".join("".join(speakable(part) for part in _pieces(text)).split())


def _pieces(text: str) -> list[str]:
    """`speakable` is for values, and cuts: so in pieces."""
    return [text[start : start + 100] for start in range(0, min(len(text), 4 * MOST_CHARACTERS), 100)]


def gaps(text: str) -> set[str] | None:
    """The names of what is filled in; None if its braces are anything else."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    plain = all(
        name is None or (name.isidentifier() and not spec and conversion is None) for _, name, spec, conversion in parts
    )
    literal = "".join(before for before, _, _, _ in parts)
    return {name for _, name, _, _ in parts if name is not None} if plain and not set("{}") & set(literal) else None


def fits(prompt: str, language: str, text: str) -> bool:
    """Whether exactly what the prompt fills in is filled in."""
    return gaps(text) == gaps(catalogue(language)[prompt])


def most_characters(prompt: str, language: str) -> int:
    """How long the words may be, so that all that hangs on their length stays in time."""
    return min(MOST_CHARACTERS, int(most_seconds(prompt, language) * CHARACTERS_A_SECOND))


def refusal(prompt: str, language: str, text: str) -> WordsRefusal | None:
    """What is wrong with the words, tidied."""
    if not text:
        return WordsRefusal.EMPTY
    if not fits(prompt, language, text):
        return WordsRefusal.GAPS
    is_long = speaking_seconds((Say(text, language),)) > most_seconds(prompt, language)
    return WordsRefusal.LONG if is_long or len(text) > MOST_CHARACTERS else None
