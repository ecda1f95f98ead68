"""What shifts come to on the nights on which clocks change, and what of a rule goes on in another."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phoneline import shift_rules
from phoneline.recurrence import instant, occurrences

TORONTO = "America/Toronto"
LORD_HOWE = "Australia/Lord_Howe"
"""Its clocks change by half an hour."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def clock(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "starts", "ends", "begins", "hours"),
    [
        # The hour that Toronto skips on 8 March 2026, from 2 to 3.
        (TORONTO, "2026-03-08T01:00", "2026-03-08T02:00", "06:00", 1),
        (TORONTO, "2026-03-08T02:00", "2026-03-08T04:00", "07:00", 1),
        (TORONTO, "2026-03-08T02:30", "2026-03-08T04:00", "07:30", 0.5),
        (TORONTO, "2026-03-08T01:00", "2026-03-08T02:30", "06:00", 1.5),
        (TORONTO, "2026-03-07T22:00", "2026-03-08T06:00", "03:00", 7),
        # The hour that it repeats on 1 November, from 1 to 2: a time is its first one.
        (TORONTO, "2026-11-01T00:00", "2026-11-01T01:30", "04:00", 1.5),
        (TORONTO, "2026-11-01T01:30", "2026-11-01T02:00", "05:30", 1.5),
        (TORONTO, "2026-11-01T02:00", "2026-11-01T04:00", "07:00", 2),
        (TORONTO, "2026-10-31T22:00", "2026-11-01T06:00", "02:00", 9),
        # Half an hour, skipped and repeated.
        (LORD_HOWE, "2026-10-04T01:00", "2026-10-04T03:00", "14:30", 1.5),
        (LORD_HOWE, "2026-10-04T02:15", "2026-10-04T03:00", "15:45", 0.25),
        (LORD_HOWE, "2026-04-05T01:00", "2026-04-05T03:00", "14:00", 2.5),
        (LORD_HOWE, "2026-04-05T01:45", "2026-04-05T02:00", "14:45", 0.75),
        # Zones that moved: Samoa had no 30 December 2011, North Korea half an hour less from 2018-05-05 on.
        ("Pacific/Apia", "2011-12-29T22:00", "2011-12-31T06:00", "08:00", 8),
        ("Asia/Pyongyang", "2018-05-04T22:00", "2018-05-05T06:00", "13:30", 7.5),
    ],
)
def test_a_shift_lasts_as_long_as_its_wall_clock_says(
    zone: str, starts: str, ends: str, begins: str, hours: float
) -> None:
    on = shift_rules.planned(clock(starts), clock(ends), clock(starts), ZoneInfo(zone))
    assert f"{on.starts_at:%H:%M}" == begins
    assert on.ends_at - on.starts_at == timedelta(hours=hours)


CHANGES = ("2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05", "2026-03-29", "2026-10-25")
ZONES = (TORONTO, LORD_HOWE, "Europe/London", "America/St_Johns", "Asia/Kolkata", "Africa/Casablanca")


@settings(max_examples=60)
@given(
    st.sampled_from(ZONES).map(ZoneInfo),
    st.sampled_from(CHANGES).map(clock),
    st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=6, unique=True),
)
@example(ZoneInfo(TORONTO), clock("2026-03-08"), [150, 180])
@example(ZoneInfo(TORONTO), clock("2026-11-01"), [60, 90, 120])
@example(ZoneInfo(LORD_HOWE), clock("2026-10-04"), [120, 135, 150])
def test_no_minute_of_a_day_falls_between_shifts_that_meet(zone: ZoneInfo, day: datetime, cuts: list[int]) -> None:
    times = [day - DAY + minute * MINUTE for minute in sorted(cuts)]
    daily = [
        one
        for starts, ends in pairwise([*times, times[0] + DAY])
        for one in occurrences(starts, ends, "FREQ=DAILY", zone, instant(day - DAY, zone), instant(day + 2 * DAY, zone))
    ]
    since, until = instant(day, zone), instant(day + DAY, zone)
    minute = since
    while minute < until:
        # Twice is no harm: times within the hour that is skipped come out in another order.
        assert any(one.starts_at <= minute < one.ends_at for one in daily), minute
        minute += MINUTE * 7


def test_what_is_left_of_a_rule_goes_on_from_one_of_its_dates() -> None:
    zone, start = ZoneInfo(TORONTO), clock("2026-11-02T18:00")
    assert shift_rules.rest_of("FREQ=WEEKLY;COUNT=10", start, zone, clock("2026-11-16T18:00")) == "FREQ=WEEKLY;COUNT=8"
    assert shift_rules.rest_of("FREQ=DAILY", start, zone, clock("2026-11-16T18:00")) == "FREQ=DAILY"
    assert shift_rules.has_date_before("FREQ=DAILY", start, zone, start) is False
    assert shift_rules.next_date("FREQ=WEEKLY;INTERVAL=2", start, zone, clock("2026-11-03T00:00")) == clock(
        "2026-11-16T18:00"
    )


@pytest.mark.parametrize(
    ("rule", "days", "moved"),
    [
        ("FREQ=WEEKLY;BYDAY=SU,MO", 1, "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", -1, "FREQ=WEEKLY;BYDAY=SU;COUNT=3"),
        ("FREQ=DAILY", 3, "FREQ=DAILY"),
        ("FREQ=MONTHLY;BYDAY=1MO", 7, "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=MONTHLY;BYDAY=1MO", 1, None),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", 1, None),
    ],
)
def test_weekdays_move_along(rule: str, days: int, moved: str | None) -> None:
    assert shift_rules.days_later(rule, days) == moved


@pytest.mark.parametrize(
    ("rule", "too_often"),
    [
        ("FREQ=HOURLY", False),
        ("FREQ=DAILY;BYHOUR=0,6,12,18", False),
        ("FREQ=HOURLY;BYMINUTE=0,30", True),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=0,1,2,3,4;BYMINUTE=0,10,20,30,40,50", True),
        ("", False),
    ],
)
def test_nobody_means_more_dates_a_day_than_hours(rule: str, too_often: bool) -> None:
    assert shift_rules.comes_too_often(rule, clock("2026-11-02T18:00"), ZoneInfo(TORONTO)) is too_often
