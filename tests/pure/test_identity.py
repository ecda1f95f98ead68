import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.identity import KEYPAD_WORDS, caller_number, keyed_number
from phoneline.settings import e164

KEYPAD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))


@pytest.mark.parametrize("caller_id", ["+14165550101", "+12125550142", " +14165550101 ", "+14165550101\n"])
def test_a_number_is_itself_without_the_space_around_it(caller_id: str) -> None:
    assert caller_number(caller_id) == caller_id.strip()


@pytest.mark.parametrize(
    "caller_id",
    [
        "",
        "   ",
        "anonymous",
        "Anonymous",
        "Restricted",
        "Private",
        "Unavailable",
        "unknown",
        "client:Anonymous",
        "client:+14165550101",
        "sip:+14165550101@example.org",
        "sip:sam@example.org",
        "whatsapp:+14165550101",
        "4165550101",
        "14165550101",
        "+1 416 555 0101",
        "+1416555",
        "+15550101",
        "+141655501011234567",
        "+",
        "+0",
        "911",
        "\x00",
    ],
)
def test_a_word_an_address_and_half_a_number_are_nobody(caller_id: str) -> None:
    assert caller_number(caller_id) is None


@pytest.mark.parametrize("word", ["ANONYMOUS", "RESTRICTED", "UNAVAILABLE", "UNKNOWN", "BLOCKED"])
def test_a_word_on_the_keypad_is_nobody(word: str) -> None:
    keyed = "+" + "".join(KEYPAD[letter] for letter in word)
    assert keyed in KEYPAD_WORDS
    assert caller_number(keyed) is None
    assert caller_number(f" {keyed} ") is None


@given(st.text(max_size=20) | st.from_regex(r"\+[0-9]{1,17}", fullmatch=True))
def test_whatever_comes_in_only_a_number_comes_out(caller_id: str) -> None:
    found = caller_number(caller_id)
    if found is not None:
        assert e164(found) == found
        assert found == caller_id.strip()
        assert found not in KEYPAD_WORDS


def test_a_number_is_written_as_one_dials_it_and_without_its_area_code_it_is_none() -> None:
    assert {keyed_number(text, "+14165550100") for text in ("4165550143", "(416) 555-0143", "+1 416 555 0143")} == {
        "+14165550143"
    }
    assert keyed_number("555-0143", "+14165550100") is None
