"""Telephone numbers as people read them to each other. Pure."""

from collections.abc import Mapping

import phonenumbers

from dashboard.tongue import N_
from phoneline.countries import WhyNot

WHY_NOT: Mapping[WhyNot, str] = {
    WhyNot.LINES_OWN: N_("This is the line's own number. Give the number of their own telephone."),
    WhyNot.BY_THE_MINUTE: N_("This number costs by the minute. Give the number of an ordinary telephone."),
    WhyNot.COUNTRY: N_(
        "This is a number of a country that the line doesn't ring, only %(countries)s: see the settings."
    ),
}


def grouped(number: str) -> str:
    """The number in the groups of its country, with its country's code: "+1 416 555 0112"."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return written.replace("-", " ")
