"""The value of a live setting in words, and which values it takes. Pure."""

from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from babel.units import format_unit

from dashboard import words
from dashboard.setting_groups import CHOICES
from dashboard.setting_kinds import Field
from dashboard.setting_words import ABOUT
from dashboard.tongue import N_, language
from dashboard.tongue import gettext as _
from phoneline.live_settings import Whole, parse, reader

_HOURS = {"always": N_("at any hour"), "none": N_("no closed days")}
UNITS = {1: "second", 60: "minute", 3600: "hour", 86400: "day"}


def unit_of(seconds: int) -> int:
    """The largest unit in which a length is a whole number; two minutes at least are needed to be minutes."""
    return max(unit for unit in UNITS if seconds % unit == 0 and (seconds >= unit or unit == 1))


def length(seconds: int) -> str:
    """Such as "10 minutes", "90 seconds"."""
    unit = unit_of(seconds)
    return format_unit(seconds // unit, f"duration-{UNITS[unit]}", length="long", locale=language())


def said(key: str, value: Any) -> str:  # noqa: ANN401, PLR0911 - each key has a type of its own; one answer a kind
    """A value as people say it."""
    match ABOUT[key].field:
        case Field.LENGTH:
            return length(value)
        case Field.COUNT | Field.RATE:
            return format_decimal(value, locale=language())
        case Field.CHOICE:
            return CHOICES[key][value]
        case Field.SPAN:
            if value.start == value.end:
                return _("no quiet hours")
            return _("%(opens)s to %(closes)s", opens=f"{value.start:%H:%M}", closes=f"{value.end:%H:%M}")
        case Field.LANGUAGES:
            return ", ".join(words.LANGUAGES[one] for one in value)
        case Field.COUNTRIES:
            return ", ".join(country(one) for one in value) or _("all countries")
        case Field.CRISIS:
            return "; ".join(_region(name, one) for name, one in value.numbers.items())
        case Field.HOURS:
            return _(_HOURS[str(value)]) if str(value) in _HOURS else str(value)


def said_of_text(key: str, text: str | None) -> str:
    """As `said`, of what is stored. What an earlier release took and this one doesn't stands as it is."""
    if text is None:
        return ""
    try:
        return said(key, parse(key, text))
    except (ValueError, KeyError):
        return text


def country(code: str) -> str:
    """The name of a country in the viewer's language."""
    return str(Locale.parse(language()).territories.get(code, code))


def _region(code: str, one: Any) -> str:  # noqa: ANN401 - crisis.Numbers, which this needn't know
    if one.texts:
        return _(
            "%(country)s: %(talk)s by call or text, emergency %(emergency)s",
            country=country(code),
            talk=one.talk,
            emergency=one.emergency,
        )
    return _(
        "%(country)s: %(talk)s, emergency %(emergency)s",
        country=country(code),
        talk=one.talk,
        emergency=one.emergency,
    )


def accepted(key: str) -> str:  # noqa: PLR0911 - one answer a kind
    """Which values it takes."""
    bounds = reader(key)
    match ABOUT[key].field:
        case Field.LENGTH if isinstance(bounds, Whole):
            return _(
                "From %(least)s to %(most)s, in whole seconds.", least=length(bounds.least), most=length(bounds.most)
            )
        case Field.COUNT if isinstance(bounds, Whole):
            return _(
                "A whole number from %(least)s to %(most)s.",
                least=bounds.least,
                most=format_decimal(bounds.most, locale=language()),
            )
        case Field.RATE:
            return _("A number above 0 and up to 1000, such as 1 or 0.5.")
        case Field.SPAN:
            return _("Two times of day; an end before the start is on the next day.")
        case Field.LANGUAGES:
            return _("At least one language, each once.")
        case Field.COUNTRIES:
            return _("Countries by their two letters with commas between, such as CA,US; empty: all.")
        case Field.CRISIS:
            return _(
                "For each region the two letters of its country, the number to talk with somebody at any hour, and the"
                " emergency number; digits only, with hyphens between groups. At least one region."
            )
        case _:
            return _("One of those on the list.")
