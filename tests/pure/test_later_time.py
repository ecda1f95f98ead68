from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from phoneline import later_time
from phoneline.live_settings import LiveSettings
from phoneline.models import CheckinPlan

TORONTO = ZoneInfo("America/Toronto")
LIVE = LiveSettings()


def wednesday(text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime(2026, 6, 3, hours, minutes, tzinfo=TORONTO).astimezone(UTC)


def shown(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(TORONTO):%a %H:%M}"


@pytest.mark.parametrize(
    ("now", "digits", "meant"),
    [
        ("10:00", "1430", "Wed 14:30"),
        ("10:00", "0230", "Wed 14:30"),  # at night is in the quiet hours
        ("10:00", "230", "Wed 14:30"),
        ("10:00", "3", "Wed 15:00"),
        ("10:00", "1200", "Wed 12:00"),
        ("10:00", "1015", "Wed 10:15"),
        ("10:15", "1015", None),  # 22:15 is quiet, and tomorrow too far
        ("19:30", "0930", "Thu 09:30"),
        ("19:30", "0730", None),
        ("19:30", "2100", None),
        ("10:00", "2460", None),
        ("10:00", "2400", None),
        ("10:00", "12345", None),
        ("10:00", "", None),
        ("10:00", "1*30", None),
        ("10:00", "١٤٣٠", None),
    ],
)
def test_what_is_keyed_is_the_next_such_time_that_is_not_quiet(now: str, digits: str, meant: str | None) -> None:
    times = later_time.keyed(digits, TORONTO, wednesday(now))
    assert shown(later_time.not_quiet(times, CheckinPlan(), TORONTO, LIVE)) == meant


def test_own_quiet_hours_decide_in_place_of_the_lines() -> None:
    plan = CheckinPlan(quiet="12:00-18:00")
    times = later_time.keyed("0230", TORONTO, wednesday("11:30"))
    assert [shown(at) for at in times] == ["Wed 14:30", "Thu 02:30"]
    assert shown(later_time.not_quiet(times, plan, TORONTO, LIVE)) == "Thu 02:30"


@pytest.mark.parametrize(("now", "again"), [("10:00", "Wed 11:00"), ("19:30", "Thu 09:00")])
def test_later_is_after_a_while_and_never_in_quiet_hours(now: str, again: str) -> None:
    """Else it would be held there, run out of its grace and pass for not called."""
    assert shown(later_time.default(CheckinPlan(), TORONTO, LIVE, wednesday(now))) == again


def test_what_the_clocks_skip_is_the_time_after_it() -> None:
    before = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    assert [shown(at) for at in later_time.keyed("0230", TORONTO, before)] == ["Sun 03:30", "Sun 14:30"]
