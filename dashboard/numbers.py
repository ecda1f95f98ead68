"""Telephone numbers as people read them to each other. Pure."""

import phonenumbers


def grouped(number: str) -> str:
    """The number in the groups of its country, with its country's code: "+1 416 555 0112"."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return written.replace("-", " ")
