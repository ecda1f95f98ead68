"""The number that a caller with a withheld caller id keys in to be called back. Pure."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN})
"""Numbers that cost whoever rings them: anybody can key in any number."""


def number_to_ring(digits: str, line_number: str) -> str | None:
    """What was keyed, as one dials it where the line is, in E.164. None if the line doesn't ring it back.

    It must be a number that is given out under the line's own country code, and none that earns by being rung.
    """
    home = phonenumbers.parse(line_number, None)
    try:
        keyed = phonenumbers.parse(digits, phonenumbers.region_code_for_number(home))
    except phonenumbers.NumberParseException:
        return None
    abroad = keyed.country_code != home.country_code
    if abroad or not phonenumbers.is_valid_number(keyed) or phonenumbers.number_type(keyed) in DEAR:
        return None
    text = phonenumbers.format_number(keyed, PhoneNumberFormat.E164)
    return None if text == line_number else text
