"""A measure's number in words, and how it differs from the one before. Pure."""

from collections.abc import Callable, Mapping

from babel.numbers import format_currency, format_decimal

from dashboard import times
from dashboard.tongue import gettext as _
from dashboard.tongue import language, ngettext
from phoneline.report_rules import Unit

MINUTE, DAY_MINUTES = 60, 24 * 60
TWO_DAYS = 2 * DAY_MINUTES
_PLACES = {Unit.SHARE: 2, Unit.HOURS: 1, Unit.RATE: 2, Unit.MONEY: 2}
"""Digits behind the point that are shown; a share's make whole per cent."""


def rounded(unit: Unit, value: float) -> float:
    """As it is shown. No share of some is all or none."""
    near = round(value + 1e-9, _PLACES.get(unit, 0))
    if unit is Unit.MINUTES and near >= TWO_DAYS:
        return near // DAY_MINUTES * DAY_MINUTES
    return min(max(near, 0.01), 0.99) if unit is Unit.SHARE and 0 < value < 1 else near


def shown(unit: Unit, value: float | None, currency: str = "") -> str:
    """The number with its unit; empty where there was nothing to count."""
    if value is None:
        return ""
    near = rounded(unit, value)
    said: Mapping[Unit, Callable[[], str]] = {
        Unit.SHARE: lambda: _("%(number)s %%", number=round(100 * near)),
        Unit.SECONDS: lambda: seconds(int(near)),
        Unit.MINUTES: lambda: minutes(int(near)),
        Unit.HOURS: lambda: _("%(hours)s h", hours=_decimal(near)),
        Unit.MONEY: lambda: format_currency(near, currency, locale=language()) if currency else _decimal(near),
    }
    return said.get(unit, lambda: _decimal(near))()


def seconds(count: int) -> str:
    """Such as "25 s" and "1 min 20 s"."""
    whole, rest = divmod(count, MINUTE)
    if not whole:
        return _("%(seconds)s s", seconds=rest)
    return _("%(minutes)s min %(seconds)s s", minutes=whole, seconds=rest) if rest else times.lasting(count)


def minutes(count: int) -> str:
    """Such as "40 min", "5 h 10 min" and "three days"."""
    if count < TWO_DAYS:
        return times.lasting(count * MINUTE)
    days = count // DAY_MINUTES
    return ngettext("%(number)s day", "%(number)s days", days, number=_decimal(days))


def difference(unit: Unit, now: float | None, before: float | None, currency: str = "") -> str:
    """In words, between the two numbers as they are shown; empty where one is missing."""
    if now is None or before is None:
        return ""
    apart = rounded(unit, now) - rounded(unit, before)
    size = shown(unit, abs(apart), currency)
    if abs(apart) < 1e-6:  # noqa: PLR2004 - what is left of numbers that look alike
        return _("the same")
    if unit is Unit.SHARE:
        return _points(round(100 * abs(apart)), more=apart > 0)
    if unit in {Unit.SECONDS, Unit.MINUTES}:
        return _("%(span)s longer", span=size) if apart > 0 else _("%(span)s shorter", span=size)
    if apart > 0:
        return _("%(number)s more", number=size)
    return _("%(number)s fewer", number=size) if unit is Unit.COUNT else _("%(number)s less", number=size)


def _points(count: int, *, more: bool) -> str:
    """Of a hundred."""
    if more:
        return ngettext("%(number)s point more", "%(number)s points more", count, number=count)
    return ngettext("%(number)s point less", "%(number)s points less", count, number=count)


def _decimal(value: float) -> str:
    return format_decimal(value, format="#,##0.##", locale=language())
