from datetime import datetime

import pytest

from dashboard import rule_words

MONDAY = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - a wall clock's time


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("", "on Monday 23 November at 10:00"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "Mondays and Thursdays at 10:00"),
        ("FREQ=WEEKLY", "Mondays at 10:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Mondays to Fridays at 10:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day at 10:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks, Mondays, at 10:00"),
        ("FREQ=DAILY;BYDAY=SA,SU", "Saturdays and Sundays at 10:00"),
        ("FREQ=DAILY;COUNT=5", "every day at 10:00, five times"),
        ("FREQ=DAILY;INTERVAL=3;UNTIL=20270105T000000Z", "every 3 days at 10:00, until Tuesday 5 January 2027"),
        ("FREQ=MONTHLY;BYDAY=1MO", "on the first Monday of each month at 10:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of each month at 10:00"),
        ("FREQ=MONTHLY", "on day 23 of each month at 10:00"),
        ("FREQ=WEEKLY;BYHOUR=9,17", "by the rule FREQ=WEEKLY;BYHOUR=9,17 at 10:00"),
        ("RRULE:FREQ=DAILY\nEXDATE:20261124T100000", "by the rule RRULE:FREQ=DAILY\nEXDATE:20261124T100000 at 10:00"),
    ],
)
def test_rules_are_said_as_people_say_them(rrule: str, said: str) -> None:
    assert rule_words.when(MONDAY, rrule, 2026) == said


@pytest.mark.parametrize(
    ("rrule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=TH,MO", ["MO", "TH"]),
        ("FREQ=WEEKLY", ["MO"]),
        ("FREQ=DAILY", list(rule_words.DAYS)),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", None),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", None),
        ("FREQ=MONTHLY;BYDAY=1MO", None),
    ],
)
def test_only_plain_weeks_are_a_choice_of_days(rrule: str, days: list[str] | None) -> None:
    assert rule_words.days(rrule, MONDAY) == days
