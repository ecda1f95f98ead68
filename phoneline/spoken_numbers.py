"""A telephone number as people read it out. Pure."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

_GROUP = re.compile(r"\d+")


def digit_by_digit(number: str) -> str:
    """As one dials it within its own country, with a short pause between the groups: "4 1 6, 5 5 5, 0 1 0 0"."""
    national = phonenumbers.format_number(phonenumbers.parse(number, None), PhoneNumberFormat.NATIONAL)
    return ", ".join(" ".join(group) for group in _GROUP.findall(national))
