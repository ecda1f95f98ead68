import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.text_rules import Understood, folded, understand
from phoneline.text_states import TextMeaning

STOP, START, HELP, DANGER = TextMeaning.STOP, TextMeaning.START, TextMeaning.HELP, TextMeaning.DANGER
ON, OFF, OK, WORDS = TextMeaning.ON, TextMeaning.OFF, TextMeaning.OK, TextMeaning.WORDS
YES, NO, GIVE = TextMeaning.YES, TextMeaning.NO, TextMeaning.GIVE


@pytest.mark.parametrize(
    ("body", "meaning", "language"),
    [
        ("STOP", STOP, "en"),
        ("  stop!! ", STOP, "en"),
        ("Stop stop STOP", STOP, "en"),
        ("stoooop", STOP, "en"),
        ("Hi, please stop texting me. Thanks!", STOP, "en"),
        ("Don't call me anymore", STOP, "en"),
        ("ARRÊT", STOP, "fr"),
        ("Arretez de m\u2019écrire svp", STOP, "fr"),
        ("ALTO", STOP, "es"),
        ("¡No me llamen más, por favor!", STOP, "es"),
        ("START", START, "en"),
        ("you can call me again", START, "en"),
        ("recommencez s'il vous plaît", START, "fr"),
        ("Empezar", START, "es"),
        ("HELP", HELP, "en"),
        ("please help me!!!", HELP, "en"),
        ("À l'aide", HELP, "fr"),
        ("AIDE", HELP, "fr"),
        ("¡Ayúdame!", HELP, "es"),
        ("ok thanks", OK, "en"),
        ("D'accord, merci", OK, "fr"),
        ("On", ON, "en"),
        ("pas disponible", OFF, "fr"),
        ("no disponible", OFF, "es"),
    ],
)
def test_a_whole_message_is_understood_however_it_is_written(body: str, meaning: TextMeaning, language: str) -> None:
    understood = understand(body)
    assert (understood.meaning, understood.language) == (meaning, language)


@pytest.mark.parametrize(
    "body",
    [
        "I can't stop crying",
        "Don't stop calling, it does me good",
        "can we start on Monday instead?",
        "thanks for your help yesterday",
        "it's not an emergency",
        "on my way",
        "je n'arrive pas à arrêter de fumer",
        "ce n'est pas une urgence",
        "puedo empezar mañana",
        "hello",
        "",
        "❤",
        "12345",
    ],
)
def test_a_word_inside_a_message_is_no_order(body: str) -> None:
    assert understand(body).meaning is WORDS


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("I just want to die", "en"),
        ("been thinking about SUICIDE again", "en"),
        ("please stop, I don\u2019t want to live", "en"),
        ("took all my pills", "en"),
        ("je veux en finir", "fr"),
        ("J\u2019en peux plus", "fr"),
        ("quiero morirme", "es"),
        ("ya no aguanto mas", "es"),
    ],
)
def test_what_sounds_like_danger_is_heard_anywhere_in_a_message(body: str, language: str) -> None:
    assert understand(body) == Understood(DANGER, language)


@pytest.mark.parametrize("body", ["a suicidesquad poster"])
def test_some_words_are_danger_whatever_their_ending(body: str) -> None:
    assert understand(body).meaning is DANGER


@pytest.mark.parametrize("body", ["skms", "she wants to diet", "we adieux"])
def test_others_only_as_they_are(body: str) -> None:
    assert understand(body).meaning is WORDS


def test_a_pin_is_read_with_a_volunteers_word_and_nowhere_else() -> None:
    assert understand("ON 1234") == Understood(ON, "en", None, "1234")
    assert understand("off, 12345678.") == Understood(OFF, "en", None, "12345678")
    assert understand("OK 1234") == Understood(OK, "en", None, "1234")
    assert understand("ON 123") == Understood(WORDS)
    assert understand("STOP 1234") == Understood(WORDS)
    assert understand("call 5550").meaning is WORDS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Yes", Understood(YES, None, START)),
        ("YES 2", Understood(YES, number="2")),
        ("yes2 please!", Understood(YES, number="2")),
        ("Oui, 12 1234", Understood(YES, None, None, "1234", "12")),
        ("S\u00cd 3", Understood(YES, number="3")),
        ("Yes 1234", Understood(YES, None, None, "1234")),
        ("no", Understood(NO)),
        ("No, thanks", Understood(NO)),
        ("non #4", Understood(NO, number="4")),
        ("give", Understood(GIVE, "en")),
        ("cedo mi turno 1234", Understood(GIVE, "es", None, "1234")),
        ("I can't make my shift, sorry", Understood(GIVE, "en")),
    ],
)
def test_a_yes_or_a_no_may_say_what_it_is_about(body: str, expected: Understood) -> None:
    assert understand(body) == expected


@pytest.mark.parametrize("body", ["ON 2", "stop 2", "yes 2 3", "yes I'll be there at 2", "no idea", "2", "give up 3"])
def test_a_number_is_of_a_yes_or_no_alone(body: str) -> None:
    assert understand(body) == Understood(WORDS)


def test_what_the_carrier_answers_is_known() -> None:
    for words, meaning in (
        ("STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL", STOP),
        ("START YES UNSTOP", START),
        ("HELP INFO", HELP),
    ):
        for word in words.split():
            assert understand(f" {word.lower()} ").carrier is meaning, word
            if word not in {"YES", "INFO"}:
                assert understand(word).meaning is meaning, "we understand what it understands"
    assert understand("stop please").carrier is None
    assert understand("yes") == Understood(YES, None, START)
    assert understand("INFO") == Understood(WORDS, None, HELP), "a question, not a cry"


def test_the_carriers_own_word_for_it_comes_first() -> None:
    assert understand("no thanks", "STOP") == Understood(STOP, None, STOP)
    assert understand("arret", "STOP") == Understood(STOP, "fr", STOP)
    assert understand("si", "START") == Understood(START, None, START)
    assert understand("aider", "HELP") == Understood(HELP, None, HELP)
    assert understand("I want to die", "HELP") == Understood(DANGER, "en", HELP)
    assert understand("hello", "UNHEARD-OF") == Understood(WORDS)


@given(st.text(max_size=60))
def test_how_a_text_is_composed_makes_no_difference(body: str) -> None:
    assert folded(unicodedata.normalize("NFD", body)) == folded(unicodedata.normalize("NFC", body))
    assert understand(body).meaning in TextMeaning


@pytest.mark.parametrize(
    "word",
    [
        "\uff33\uff34\uff2f\uff30",
        "st\u200bop",
        "\ufeffSTOP\u00ad",
        "S\u0301TOP",
        "\U0001d412\U0001d413\U0001d40e\U0001d40f",
    ],
)
def test_letters_from_elsewhere_are_letters(word: str) -> None:
    assert understand(word).meaning is STOP


def test_a_very_long_text_is_looked_through_quickly() -> None:
    assert understand("thanks " * 50_000).meaning is WORDS
