"""On which days a call comes again and again, as people say it: "every other day", "on Mondays and Thursdays". Pure.

The words of each language stand in `locale/days/<language>.toml`.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from phoneline.weekly_rules import Pattern

_WORKDAYS = (0, 1, 2, 3, 4)
_OTHER = 2


@dataclass(frozen=True)
class _Words:
    """What `locale/days/<language>.toml` says."""

    weekdays: list[str]
    on: str
    between: str
    last: str
    workdays: str
    every_day: str
    every_other_day: str
    every_days: str
    every_other_week: str
    every_weeks: str


@cache
def _words(language: str) -> _Words:
    days = resources.files("phoneline").joinpath("locale", "days")
    file = days.joinpath(f"{language}.toml")
    return _Words(**tomllib.loads((file if file.is_file() else days.joinpath("en.toml")).read_text(encoding="utf-8")))


def days(pattern: Pattern, language: str) -> str:
    """Such as "every day" or "every other week on Mondays and Thursdays"."""
    words = _words(language)
    if not pattern.weekdays:
        form = {1: words.every_day, _OTHER: words.every_other_day}.get(pattern.every, words.every_days)
        return form.format(number=pattern.every)
    said = _listed(pattern.weekdays, words)
    if pattern.every == 1:
        return said
    form = words.every_other_week if pattern.every == _OTHER else words.every_weeks
    return form.format(number=pattern.every, days=said)


def _listed(weekdays: Sequence[int], words: _Words) -> str:
    if tuple(weekdays) == _WORKDAYS:
        return words.workdays
    *before, last = [words.weekdays[day] for day in weekdays]
    return words.on.format(days=words.last.join([words.between.join(before), last]) if before else last)
