"""Which numbers may be rung: those of these countries, and none that costs by the minute. Pure."""

from collections.abc import Collection, Mapping
from enum import Enum

import phonenumbers


def codes(text: str) -> tuple[str, ...]:
    """Countries as `CA,US`; none for an empty text: then all may be rung. ValueError says what is accepted."""
    chosen = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    if len(set(chosen)) == len(chosen) and all(code in phonenumbers.SUPPORTED_REGIONS for code in chosen):
        return chosen
    raise ValueError("must be countries by their two letters, each once, such as CA,US; empty for all of them")


def of_number(number: str) -> str | None:
    """The country of a number. One that no country has claimed yet counts as the first of those that share its code.

    None for what is nobody's: satellites, networks without a country, and what is no number.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    found = phonenumbers.region_code_for_number(parsed)
    found = found or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return found if found in phonenumbers.SUPPORTED_REGIONS else None


def is_premium(number: str) -> bool:
    """Whether whoever rings the number pays its owner."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) is phonenumbers.PhoneNumberType.PREMIUM_RATE


def may_be_rung(number: str, countries: Collection[str]) -> bool:
    return (not countries or of_number(number) in countries) and not is_premium(number)


class WhyNot(Enum):
    """Why the line would never ring a number, and how to mend it; in the gaps stand `values`."""

    LINES_OWN = "is the line's own number; give the number of the person's own telephone"
    BY_THE_MINUTE = "is a number that costs by the minute; give the number of an ordinary telephone"
    COUNTRY = "is a number of %(where)s, and only %(countries)s may be rung; see the setting countries"


def why_not_ring(number: str, countries: Collection[str], line_number: str) -> WhyNot | None:
    """None if it would."""
    if number == line_number:
        return WhyNot.LINES_OWN
    if is_premium(number):
        return WhyNot.BY_THE_MINUTE
    return None if may_be_rung(number, countries) else WhyNot.COUNTRY


def values(number: str, countries: Collection[str]) -> Mapping[str, str]:
    """What stands in the gaps of a `WhyNot`."""
    return {"where": of_number(number) or "no country", "countries": ",".join(countries)}
