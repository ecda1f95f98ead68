import re
from datetime import UTC, datetime
from string import Formatter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phoneline.documents import checkin
from phoneline.live_settings import LANGUAGES
from phoneline.models import Call, Person
from phoneline.prompts import catalogue, say, speakable
from tests.webhooks.carrier import settings
from tests.webhooks.twiml import Twiml
from tests.words import heard
from webhooks.twiml import LOCALES, render

SETTINGS = settings("sqlite:///nowhere.sqlite3")
KEYS = sorted(catalogue("en"))
EMERGENCY = re.compile(r"\d ?\d")
KEY_NAMED = re.compile(r"\b\d\b|\bpound\b|\bnumeral\b|\bcarré\b")
# What a stranger who picks up must not hear, in each language.
TELLING = re.compile(
    r"\b(lines?|peers?|cris[ie]s|health|mental\w*|check.?ins?|support|suicid\w*|help|warm"
    r"|lignes?|pairs?|paire|crises?|santé|soutien|aide|nouvelles"
    r"|líneas?|pares|par|crisis|salud|apoyo|ayuda|pares)\b",
    re.IGNORECASE,
)
AFTER_IDENTITY = {"checkin_call", "checkin_ok"}
NAMES_THE_LINE = {"checkin_hello"}
"""Not said to whoever is called discreetly (tests/webhooks/test_checkins.py)."""
BEFORE_IDENTITY = [
    key
    for key in KEYS
    if key.startswith(
        ("checkin_", "callback_", "offer", "handover_offer", "escalation_", "reminder_", "leg_failed", "plans_who")
    )
    and key not in AFTER_IDENTITY | NAMES_THE_LINE
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def keys_named(text: str) -> list[str]:
    """The keys that a prompt speaks, in order; `#` by its name."""
    found: list[str] = KEY_NAMED.findall(text)
    return [key if key.isdigit() else "#" for key in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    assert sorted(catalogue(language)) == KEYS
    assert all(words.strip() for words in catalogue(language).values())
    assert {key: placeholders(words) for key, words in catalogue(language).items()} == {
        key: placeholders(words) for key, words in catalogue("en").items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_offers_the_same_keys_in_the_same_order(language: str) -> None:
    assert {key: keys_named(words) for key, words in catalogue(language).items()} == {
        key: keys_named(words) for key, words in catalogue("en").items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_speaks_more_than_four_choices(language: str) -> None:
    assert {
        key: len(keys_named(words)) for key, words in catalogue(language).items() if len(keys_named(words)) > 4
    } == {}
    assert keys_named(catalogue(language)["outcome"]) == ["1", "2", "3", "4"], "or nothing was counted"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", BEFORE_IDENTITY)
def test_before_a_key_says_who_it_is_nothing_tells_what_the_call_is_about(key: str, language: str) -> None:
    assert TELLING.findall(catalogue(language)[key]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_looked_for_are_those_of_the_language(language: str) -> None:
    """The prompts for whoever has said who they are hold them: so the test above can fail."""
    assert TELLING.search(catalogue(language)["checkin_call"])
    assert TELLING.search(catalogue(language)["greeting"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_numbers_are_spoken_digit_by_digit_wherever_nobody_comes(language: str) -> None:
    dead_ends = {key for key in KEYS if key.startswith(("choices", "recorder"))}
    for key in ("wait_first", *dead_ends, "closed_crisis", "passed_on", "crisis_numbers"):
        assert "9 8 8" in heard(key, language), key
    for key in ("wait_first", "crisis_numbers"):
        assert "9 1 1" in heard(key, language), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_has_crisis_numbers_of_its_own(language: str) -> None:
    assert [key for key, words in catalogue(language).items() if EMERGENCY.search(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_fits_one_say(language: str) -> None:
    assert max(len(words) for words in catalogue(language).values()) + 200 < 4096


def test_a_language_that_we_do_not_speak_is_answered_in_english() -> None:
    assert say("goodbye", "de") == say("goodbye", "en")
    assert set(LOCALES) == set(LANGUAGES)


def test_what_is_filled_in_is_not_read_as_a_placeholder() -> None:
    assert "{name}{0}%s" in say("checkin_who", "en", name="{name}{0}%s").text


names = st.text(max_size=300) | st.text(st.characters(), max_size=40).map(lambda name: f"{name}\x00\ufffe\x0b{name}")


@given(names, st.sampled_from(LANGUAGES), st.booleans(), st.integers(1, 2))
@example("\ud800\udfff", "en", True, 1)
@example("</Say><Dial>", "fr", False, 1)
@example("]]>&amp;&#0;", "es", True, 2)
@example("\U0010ffff" * 400, "en", True, 1)
def test_any_name_is_spoken_in_a_valid_document(name: str, language: str, may_snooze: bool, tries: int) -> None:
    call = Call(token="token", language=language)
    person = Person(name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    asked = checkin.who(call, person, may_snooze=may_snooze, names_line=may_snooze, tries=tries)
    for said in (asked, checkin.message(call, person)):
        document = Twiml(render(said, SETTINGS))
        assert document.verbs[0] == "Gather"
        assert speakable(person.first_name).replace("\r", "\n") in document.said


@given(names)
def test_what_is_spoken_is_the_name_without_what_no_document_may_hold(name: str) -> None:
    clean = speakable(name)
    assert len(clean) <= 200
    assert clean == "".join(one for one in name if one in clean)[: len(clean)]
    if name.isprintable() and len(name) <= 200:
        assert clean == name
