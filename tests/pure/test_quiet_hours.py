from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phoneline.quiet_hours import Window, is_quiet, quiet_until, window

TORONTO = ZoneInfo("America/Toronto")
WEEKDAY, WEEKEND = window("20:00-09:00"), window("18:00-10:00")
EMPTY = window("00:00-00:00")
MINUTE = timedelta(minutes=1)


def toronto(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO).astimezone(UTC)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        ("2026-06-01T08:59:59", True),  # Monday
        ("2026-06-01T09:00:00", False),
        ("2026-06-01T19:59:59", False),
        ("2026-06-01T20:00:00", True),
        ("2026-06-02T00:00:00", True),
        ("2026-06-05T18:30:00", False),  # Friday evening is a weekday
        ("2026-06-05T23:59:59", True),
        ("2026-06-06T09:30:00", True),  # Saturday 09:30 is weekend
        ("2026-06-06T10:00:00", False),
        ("2026-06-06T18:00:00", True),
        ("2026-06-07T17:59:59", False),  # Sunday
        ("2026-06-07T19:00:00", True),
        ("2026-06-08T08:30:00", True),  # and Monday morning goes by the weekday's window again
        ("2026-06-08T09:30:00", False),
    ],
)
def test_each_instant_is_judged_by_its_own_weekday(local: str, quiet: bool) -> None:
    assert is_quiet(toronto(local), TORONTO, WEEKDAY, WEEKEND) is quiet


def test_the_weekday_is_the_one_where_the_person_is() -> None:
    at = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)  # Saturday 09:30 in Brisbane, Friday 19:30 in Toronto
    assert is_quiet(at, ZoneInfo("Australia/Brisbane"), WEEKDAY, WEEKEND)
    assert not is_quiet(at, TORONTO, WEEKDAY, WEEKEND)


def test_a_window_within_a_day_leaves_the_night_alone() -> None:
    siesta = window("13:00-15:00")
    moments = ["00:00", "12:59", "13:00", "14:59", "15:00"]
    assert [siesta.holds(time.fromisoformat(one)) for one in moments] == [False, False, True, True, False]


def test_a_window_past_midnight_holds_on_both_sides_of_it() -> None:
    moments = ["19:59", "20:00", "23:59", "00:00", "08:59", "09:00"]
    assert [WEEKDAY.holds(time.fromisoformat(one)) for one in moments] == [False, True, True, True, True, False]


def test_a_window_that_ends_as_it_starts_is_empty() -> None:
    assert not any(window("07:30-07:30").holds(time(hour, minute)) for hour in range(24) for minute in range(60))


@pytest.mark.parametrize("text", ["", "20:00", "20:00-", "24:00-09:00", "20:60-09:00", "8pm-9am", "20:00-09:00-10:00"])
def test_what_is_no_window_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 20:00-09:00"):
        window(text)


@pytest.mark.parametrize(
    ("local", "free_at"),
    [
        ("2026-06-01T12:00:30", "2026-06-01T12:00:30"),  # not quiet: at once, to the second
        ("2026-06-01T20:15:30", "2026-06-02T09:00:00"),
        ("2026-06-05T21:00:00", "2026-06-06T10:00:00"),  # Friday's night ends with Saturday's morning
        ("2026-06-07T18:00:00", "2026-06-08T09:00:00"),
        ("2026-03-07T20:00:00", "2026-03-08T10:00:00"),  # the night in which the clocks go forward
        ("2026-10-31T20:00:00", "2026-11-01T10:00:00"),  # and the one in which they go back
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(local: str, free_at: str) -> None:
    assert quiet_until(toronto(local), TORONTO, WEEKDAY, WEEKEND) == toronto(free_at)


windows = st.builds(
    lambda start, end: Window(time(start // 60, start % 60), time(end // 60, end % 60)),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
zones = st.sampled_from(
    ["America/Toronto", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "UTC"]
).map(ZoneInfo)
# Around the changes of clocks of either hemisphere, and anywhere else.
instants = st.one_of(
    st.sampled_from([datetime(2026, *day, tzinfo=UTC) for day in ((3, 7), (4, 4), (9, 26), (10, 3), (10, 31))]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
).flatmap(lambda day: st.integers(0, 2 * 24 * 3600).map(lambda seconds: day + timedelta(seconds=seconds)))


@settings(max_examples=60)
@given(instants, zones, windows, windows)
def test_quiet_until_is_the_first_whole_minute_that_is_not_quiet(
    at: datetime, zone: ZoneInfo, weekday: Window, weekend: Window
) -> None:
    found = quiet_until(at, zone, weekday, weekend)
    assert found is not None, "no window lasts all day"
    assert found >= at
    assert not is_quiet(found, zone, weekday, weekend)
    moment = at
    while moment < found:
        assert is_quiet(moment, zone, weekday, weekend)
        moment = (moment + MINUTE).replace(second=0, microsecond=0)


@given(instants, zones)
def test_without_windows_nothing_is_quiet(at: datetime, zone: ZoneInfo) -> None:
    assert quiet_until(at, zone, EMPTY, EMPTY) == at
