"""Whom to call in a crisis, by region. Pure: the caller's number and the line's own are arguments."""

import re
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberType

_TEXTS = "+text"
_NUMBER = re.compile(r"[0-9]+(-[0-9]+)*")
_DIGITS = range(2, 16)
_NOWHERE = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN}
)
"""Numbers that belong to no place, so that where several countries share a code they tell of none."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one region; hyphens group what is spoken together."""

    talk: str
    """Somebody to talk with at any hour."""
    texts: bool
    """Whether they can be texted, too."""
    emergency: str
    """When a life is in danger."""


@dataclass(frozen=True)
class Regions:
    """The numbers of each region, and the text that says so. Who is from elsewhere hears those of the line's own."""

    text: str
    numbers: dict[str, Numbers] = field(repr=False)

    def for_caller(self, number: str | None, line_number: str) -> Numbers:
        """Of the caller's region, else of the line's own, else the first."""
        for one in (number, line_number):
            region = region_of(one) if one else None
            if region in self.numbers:
                return self.numbers[region]
        return next(iter(self.numbers.values()))

    def __str__(self) -> str:
        return self.text


DEFAULT = Regions(
    "CA:988+text,911;US:988+text,911",
    {region: Numbers("988", texts=True, emergency="911") for region in ("CA", "US")},
)


def region_of(number: str) -> str | None:
    """The two letters of the country that a number belongs to, if to one."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    sharing = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    if len(sharing) > 1 and phonenumbers.number_type(parsed) in _NOWHERE:
        return None
    return phonenumbers.region_code_for_number(parsed)


def regions(text: str) -> Regions:
    """Read `CA:988+text,911;US:…`. ValueError says what is accepted."""
    found = dict(_region(part.strip()) for part in text.split(";"))
    return Regions(text, found)


def _region(part: str) -> tuple[str, Numbers]:
    region, _, rest = part.partition(":")
    talk, _, emergency = (one.strip() for one in rest.partition(","))
    texts = talk.endswith(_TEXTS)
    talk = talk.removesuffix(_TEXTS)
    if region not in phonenumbers.SUPPORTED_REGIONS or not (_is_number(talk) and _is_number(emergency)):
        message = (
            f"must be regions such as `{DEFAULT}`: a country's two letters, the number to talk with somebody at any"
            f" hour (`{_TEXTS}` if it takes texts), and the emergency number; {part!r} is no such region"
        )
        raise ValueError(message)
    return region, Numbers(talk, texts, emergency)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and sum(one.isdigit() for one in text) in _DIGITS
