"""Who a caller id says is calling. Pure."""

import phonenumbers

from phoneline.settings import e164, has_all_its_digits

KEYPAD_WORDS = frozenset(
    {"+266696687", "+7378742833", "+86282452253", "+8656696", "+2562533"},
)
"""ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN and BLOCKED as carriers key them: they look like numbers and are none."""


def caller_number(caller_id: str) -> str | None:
    """The number behind a caller id in E.164, or None when it is withheld, a word, an address or no number at all."""
    text = caller_id.strip()
    if text in KEYPAD_WORDS:
        return None
    try:
        return e164(text)
    except ValueError:
        return None


def keyed_number(digits: str, line_number: str) -> str | None:
    """The number that somebody keyed in, as one dials it where the line is, in E.164; None if it is no number."""
    home = phonenumbers.region_code_for_number(phonenumbers.parse(line_number, None))
    try:
        parsed = phonenumbers.parse(digits, home)
    except phonenumbers.NumberParseException:
        return None
    if not has_all_its_digits(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


_LEAST_DIGITS = 5


def typed_number(text: str, line_number: str) -> str | None:
    """The number that somebody wrote in any usual way where the line is, in E.164; None for a name."""
    digits = sum(one.isdecimal() for one in text)
    if digits < _LEAST_DIGITS or any(one.isalpha() for one in text):
        return None
    return keyed_number(text, line_number)


def written_number(text: str, line_number: str) -> str:
    """The number in E.164, however it was written; what is no number stays as it is, to be mended."""
    return typed_number(text, line_number) or text
