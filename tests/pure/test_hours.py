from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phoneline.hours import ALWAYS, NO_DAYS, Calendar, closed_days, line_hours

TORONTO = ZoneInfo("America/Toronto")
STEP = timedelta(minutes=15)
WEEK = "mon-fri 09:00-21:00; sat,sun 10:00-18:00"


def toronto(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO, fold=fold).astimezone(UTC)


def calendar(hours: str, closed: str = "none", zone: ZoneInfo = TORONTO) -> Calendar:
    return Calendar(line_hours(hours), closed_days(closed), zone)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-06-01T08:59:59", False),  # Monday
        ("2026-06-01T09:00:00", True),
        ("2026-06-01T20:59:59", True),
        ("2026-06-01T21:00:00", False),
        ("2026-06-06T09:30:00", False),  # Saturday
        ("2026-06-06T10:00:00", True),
        ("2026-06-07T18:00:00", False),  # Sunday
    ],
)
def test_an_opening_holds_its_start_and_not_its_end(local: str, is_open: bool) -> None:
    assert calendar(WEEK).is_open(toronto(local)) is is_open


@pytest.mark.parametrize(
    ("hours", "local", "is_open"),
    [
        ("fri 18:00-02:00", "2026-06-06T01:59:59", True),  # Saturday, still Friday's
        ("fri 18:00-02:00", "2026-06-06T02:00:00", False),
        ("fri 18:00-02:00", "2026-06-05T01:00:00", False),
        ("sun 18:00-02:00", "2026-06-08T01:00:00", True),  # from Sunday into Monday
        ("sat-mon 10:00-12:00", "2026-06-07T11:00:00", True),
        ("sat-mon 10:00-12:00", "2026-06-08T11:00:00", True),
        ("sat-mon 10:00-12:00", "2026-06-09T11:00:00", False),
        ("sat 00:00-24:00", "2026-06-06T23:59:59", True),
        ("sat 00:00-00:00", "2026-06-06T00:00:00", True),
        ("sat 00:00-24:00", "2026-06-07T00:00:00", False),
        ("mon 09:00-12:00; mon 13:00-17:00", "2026-06-01T12:30:00", False),
    ],
)
def test_an_opening_may_go_on_past_midnight(hours: str, local: str, is_open: bool) -> None:
    assert calendar(hours).is_open(toronto(local)) is is_open


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-12-25T02:00:00", False),
        ("2026-12-25T00:30:00", True),  # what began on the 24th goes on
        ("2026-12-25T19:00:00", False),
        ("2026-12-26T00:30:00", False),  # this one would have begun on the 25th
        ("2026-12-26T19:00:00", True),
        ("2027-01-01T19:00:00", False),
        ("2028-01-01T19:00:00", False),  # of every year
        ("2027-12-25T19:00:00", True),  # of that year alone
    ],
)
def test_a_closed_day_has_no_opening_that_begins_on_it(local: str, is_open: bool) -> None:
    evenings = calendar("mon-sun 18:00-01:00", "2026-12-25, 01-01")
    assert evenings.is_open(toronto(local)) is is_open


def test_a_line_that_is_always_open_is_closed_from_midnight_to_midnight() -> None:
    always = Calendar(ALWAYS, closed_days("2026-12-25"), TORONTO)
    assert always.is_open(toronto("2026-12-24T23:59:59"))
    assert not always.is_open(toronto("2026-12-25T00:00:00"))
    assert not always.is_open(toronto("2026-12-25T23:59:59"))
    assert always.next_opening(toronto("2026-12-25T12:00:00")) == toronto("2026-12-26T00:00:00")


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        ("2026-06-01T12:00:30", "2026-06-01T12:00:30"),  # open: at once
        ("2026-06-01T21:00:00", "2026-06-02T09:00:00"),
        ("2026-06-05T22:00:00", "2026-06-06T10:00:00"),
        ("2026-12-24T22:00:00", "2026-12-27T10:00:00"),  # two holidays on, a Sunday
    ],
)
def test_the_next_opening_is_found_past_closed_days(local: str, opens: str) -> None:
    assert calendar(WEEK, "12-25, 12-26").next_opening(toronto(local)) == toronto(opens)


def test_what_opens_once_a_year_is_found() -> None:
    found = calendar(
        "sun 10:00-12:00", ",".join(f"{month:02}-{day:02}" for month in range(1, 12) for day in range(1, 29))
    )
    assert found.next_opening(toronto("2026-01-05T00:00:00")) == toronto("2026-03-29T10:00:00")


def test_a_line_that_never_opens_has_no_next_opening() -> None:
    every = ",".join(
        f"{at:%m-%d}" for at in (datetime(2028, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(366))
    )
    assert calendar("always", every).next_opening(toronto("2026-06-01T12:00:00")) is None


def test_clocks_that_go_forward_take_their_hour_from_the_opening() -> None:
    night = calendar("sun 01:00-04:00")
    assert night.next_opening(toronto("2026-03-08T00:00:00")) == toronto("2026-03-08T01:00:00")
    assert night.is_open(datetime(2026, 3, 8, 7, 59, tzinfo=UTC))  # 03:59, two hours later
    assert not night.is_open(datetime(2026, 3, 8, 8, tzinfo=UTC))


def test_a_time_that_the_clocks_repeat_is_its_first() -> None:
    early = calendar("sun 01:30-03:00")
    assert early.next_opening(toronto("2026-11-01T00:00:00")) == toronto("2026-11-01T01:30:00", fold=0)
    assert early.is_open(toronto("2026-11-01T01:15:00", fold=1)), "the second 01:15 is later"
    assert not calendar("sun 00:00-01:30").is_open(toronto("2026-11-01T01:15:00", fold=1))


@pytest.mark.parametrize("opens", ["02:00", "02:30"])
def test_an_opening_that_the_clocks_swallow_is_none(opens: str) -> None:
    swallowed = calendar(f"sun {opens}-03:00")
    assert swallowed.next_opening(toronto("2026-03-08T00:00:00")) == toronto(f"2026-03-15T{opens}:00")


days = st.sampled_from(["mon", "tue,thu", "fri-mon", "mon-sun", "sat,sun"])
quarters = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
parts = st.builds(lambda on, opens, closes: f"{on} {opens}-{closes}", days, quarters, quarters)
weeks = st.lists(parts, min_size=1, max_size=3).map("; ".join)
zones = st.sampled_from(
    ["America/Toronto", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "UTC"]
).map(ZoneInfo)
# Around the changes of clocks of either hemisphere.
instants = st.builds(
    lambda day, quarter: day + quarter * STEP,
    st.sampled_from([datetime(2026, *day, tzinfo=UTC) for day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 31))]),
    st.integers(0, 192),
)
closings = st.sampled_from(["none", "2026-03-08", "11-01, 11-02", "03-29", "04-05, 2026-10-04"])


@settings(max_examples=60)
@given(instants, zones, weeks, closings)
@example(datetime(2026, 3, 28, 21, tzinfo=UTC), ZoneInfo("Asia/Beirut"), "sat 23:30-00:00; sun 00:15-01:00", "none")
def test_the_next_opening_is_the_first_open_instant(at: datetime, zone: ZoneInfo, hours: str, closed: str) -> None:
    """Openings begin on quarters, and so do the hours of these zones, so looking at quarters misses nothing."""
    found = calendar(hours, closed, zone)
    opening = found.next_opening(at)
    assert opening is not None
    assert found.is_open(opening)
    assert (opening == at) == found.is_open(at)
    moment = at
    while moment < opening:
        assert not found.is_open(moment)
        moment += STEP


@settings(max_examples=60)
@given(instants, zones)
def test_a_line_without_hours_and_closed_days_is_always_open(at: datetime, zone: ZoneInfo) -> None:
    assert Calendar(ALWAYS, NO_DAYS, zone).is_open(at)


@settings(max_examples=60)
@given(instants, zones, quarters)
def test_openings_that_meet_on_the_clock_leave_no_gap(at: datetime, zone: ZoneInfo, meeting: str) -> None:
    assert calendar(f"mon-sun 00:00-{meeting}; mon-sun {meeting}-24:00", zone=zone).is_open(at)
