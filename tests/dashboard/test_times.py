from datetime import UTC, datetime, timedelta

import pytest

from dashboard import times, words
from tests.factories import TORONTO

NOW = datetime(2026, 11, 18, 0, 14, tzinfo=UTC)
"""Tuesday the 17th, 19:14 in Toronto."""


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (4230, "1 h 10 min"),
    ],
)
def test_lengths(seconds: float, expected: str) -> None:
    assert times.lasting(seconds) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "now, 19:14"),
        (-4.5, "4 min ago, 19:09"),
        (19.5, "in 20 min, 19:33"),
        (60, "in 1 h, 20:14"),
        (-130, "2 h ago, 17:04"),
        (5 * 60, "in 5 h, tomorrow 00:14"),
        (14 * 60, "tomorrow 09:14"),
        (-24 * 60, "yesterday 19:14"),
        (4 * 24 * 60, "Saturday 19:14"),
        (-8 * 24 * 60, "Monday 9 November 19:14"),
        (60 * 24 * 60, "Saturday 16 January 2027 19:14"),
    ],
)
def test_near_times_are_relative_and_exact_far_ones_have_their_weekday(minutes: float, expected: str) -> None:
    assert times.near(NOW + timedelta(minutes=minutes), NOW, TORONTO) == expected


def test_days_are_the_lines_own() -> None:
    assert times.day(datetime(2026, 11, 18, 4, 59, tzinfo=UTC), NOW, TORONTO) == "today"
    assert times.day(datetime(2026, 11, 18, 5, 0, tzinfo=UTC), NOW, TORONTO) == "tomorrow"


def test_counts_and_lists_are_words() -> None:
    assert words.counted(0, "caller", "callers") == "no callers"
    assert words.counted(1, "caller", "callers") == "one caller"
    assert words.counted(13, "caller", "callers") == "13 callers"
    assert words.listed(["Ana", "Ravi", "Kim"]) == "Ana, Ravi and Kim"
    assert words.listed(["Ana"]) == "Ana"
