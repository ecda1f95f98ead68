import pytest

from dashboard import spending_view
from phoneline.spend_rules import Day, Level, Spent
from phoneline.spend_watch import Notice, notices


@pytest.mark.parametrize(
    ("used", "level"),
    [
        (0, Level.FINE),
        (79, Level.FINE),
        (80, Level.NEARLY),
        (99, Level.NEARLY),
        (100, Level.REACHED),
        (124, Level.REACHED),
        (125, Level.EXHAUSTED),
        (900, Level.EXHAUSTED),
    ],
)
def test_a_cap_is_told_of_first_then_holds_back_check_ins_and_callers_last(used: int, level: Level) -> None:
    assert Spent(used, 100).level is level


def test_a_cap_of_nought_is_none() -> None:
    assert Spent(10**9, 0).level is Level.FINE


def test_the_closest_cap_decides_and_is_told_first() -> None:
    day = Day(calls=Spent(80, 100), minutes=Spent(250.5, 200))
    assert day.level is Level.EXHAUSTED
    assert notices(day) == [
        Notice("spend_minutes_day", Level.EXHAUSTED, 250, 200),
        Notice("spend_calls_day", Level.NEARLY, 80, 100),
    ]
    assert notices(Day(Spent(1, 100), Spent(0, 0))) == []


def test_every_level_has_its_words() -> None:
    for level in Level:
        assert (level in spending_view.NOTICES) == (level in spending_view.SAYS) == (level is not Level.FINE)
