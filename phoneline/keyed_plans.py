"""What somebody keys in for a plan of their own: a time of day, days of the week, a number of days. Pure."""

from collections.abc import Sequence
from datetime import time

NOON = 12
DAYS = "1234567"
"""The key of each weekday, Monday first."""
MOST_DAYS = 366
_HOUR_ALONE = 2
_WITH_MINUTES = 4


def clock(digits: str) -> time | None:
    """`0930`, `930` and `9` as a clock shows them; None if no clock does."""
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _WITH_MINUTES:
        return None
    hours, minutes = (digits, "0") if len(digits) <= _HOUR_ALONE else (digits[:-2], digits[-2:])
    hour, minute = int(hours), int(minutes)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - hours of a day, minutes of an hour


def times(digits: str) -> Sequence[time]:
    """The times of day that the keys may mean, earliest first; none if they mean nothing.

    `930` may be morning or evening, also `1130` and `12`; `0930`, `1430` and `0` have one meaning.
    """
    at = clock(digits)
    if at is None:
        return []
    if digits.startswith("0") or not 1 <= at.hour <= NOON:
        return [at]
    return [at.replace(hour=at.hour % NOON), at.replace(hour=at.hour % NOON + NOON)]


def weekdays(digits: str) -> Sequence[int]:
    """The weekdays that the keys name, Monday is 0, in the week's order; none if one of the keys is no day."""
    if not digits or any(key not in DAYS for key in digits):
        return []
    return sorted({DAYS.index(key) for key in digits})


def number_of_days(digits: str) -> int | None:
    """For how many days; None if that is no such number."""
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(MOST_DAYS)):
        return None
    return int(digits) if 1 <= int(digits) <= MOST_DAYS else None
