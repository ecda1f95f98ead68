from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phoneline.quiet_hours import window
from phoneline.reminder_states import ReminderKind
from phoneline.reminder_times import SOON, Quiet, Step, due, next_step

TORONTO = ZoneInfo("America/Toronto")
QUIET = Quiet(TORONTO, window("20:00-09:00"), window("18:00-10:00"))
NEVER_QUIET = Quiet(TORONTO, window("00:00-00:00"), window("00:00-00:00"))
DAY, EARLY = ReminderKind.DAY_BEFORE, ReminderKind.SOON
HOUR = timedelta(hours=1)


def toronto(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO).astimezone(UTC)


@pytest.mark.parametrize(
    ("kind", "starts", "at"),
    [
        (DAY, "2026-06-03T14:00", "2026-06-02T14:00"),
        (EARLY, "2026-06-03T14:00", "2026-06-03T13:45"),
        (DAY, "2026-06-03T22:00", "2026-06-02T19:00"),  # the evening before, with time for an answer
        (DAY, "2026-06-03T07:00", "2026-06-01T19:00"),
        (EARLY, "2026-06-03T07:00", "2026-06-02T19:00"),
        (EARLY, "2026-06-03T09:00", "2026-06-02T19:00"),
        (EARLY, "2026-06-03T09:15", "2026-06-03T09:00"),
        (DAY, "2026-06-07T20:00", "2026-06-06T17:00"),  # Saturday
        (EARLY, "2026-06-08T08:00", "2026-06-07T17:00"),  # Monday early: Sunday evening
        (DAY, "2026-03-09T03:30", "2026-03-07T17:00"),  # over the night in which the clocks go forward
        (DAY, "2026-11-02T00:30", "2026-10-31T17:00"),  # and the one in which they go back
    ],
)
def test_the_time_of_a_reminder(kind: ReminderKind, starts: str, at: str) -> None:
    assert due(kind, toronto(starts), toronto("2026-02-01T12:00"), QUIET) == toronto(at)


def test_where_the_evening_has_gone_it_is_the_morning_after() -> None:
    now = toronto("2026-06-02T19:30")
    assert due(DAY, toronto("2026-06-03T21:00"), now, QUIET) == toronto("2026-06-03T09:00")
    assert due(EARLY, toronto("2026-06-03T07:00"), now, QUIET) is None, "it has begun by then"


def test_what_is_late_comes_at_once_but_not_at_night_and_not_once_it_has_begun() -> None:
    starts = toronto("2026-06-03T14:00")
    assert due(DAY, starts, toronto("2026-06-03T11:00"), QUIET) == toronto("2026-06-03T11:00")
    assert due(DAY, starts, toronto("2026-06-02T23:00"), QUIET) == toronto("2026-06-03T09:00")
    assert due(DAY, toronto("2026-06-03T08:00"), toronto("2026-06-02T23:00"), QUIET) is None
    assert due(EARLY, starts, starts, QUIET) is None
    always = Quiet(TORONTO, window("00:00-23:59"), window("23:58-23:57"))
    assert due(DAY, starts, toronto("2026-06-01T00:00"), always) is not None, "a minute of the day is left"


instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@settings(max_examples=60)
@given(instants, st.integers(0, 96), st.sampled_from(ReminderKind), st.sampled_from([QUIET, NEVER_QUIET]))
def test_nobody_is_reminded_at_night_nor_too_late(now: datetime, hours: int, kind: ReminderKind, quiet: Quiet) -> None:
    starts = now + hours * HOUR
    found = due(kind, starts, now, quiet)
    if found is not None:
        assert now <= found < starts
        assert not quiet.holds(found)


STARTS = toronto("2026-06-03T14:00")


@pytest.mark.parametrize(
    ("before", "calls", "may_call", "step", "until"),
    [
        (23, 0, True, Step.CALL, None),
        (20, 1, True, Step.CALL, None),
        (18, 2, True, Step.WAIT, 12),
        (12, 2, True, Step.STAND_IN, None),
        (3, 1, True, Step.CALL, None),
        (0.5, 1, True, Step.WAIT, None),  # the last reminder is near
        (20, 0, False, Step.WAIT, None),  # texts only
        (11, 0, False, Step.WAIT, None),
    ],
)
def test_the_day_before_who_does_not_answer_is_called_twice_and_stood_in_for_half_a_day_before(
    before: float, calls: int, may_call: bool, step: Step, until: float | None
) -> None:
    now = STARTS - before * HOUR
    found = next_step(DAY, STARTS, now, asked_at=STARTS - 24 * HOUR, calls=calls, may_call=may_call)
    assert found == (step, None if until is None else STARTS - until * HOUR)


def test_at_the_last_reminder_they_are_called_once_or_given_a_few_minutes() -> None:
    asked = STARTS - SOON
    minute = timedelta(minutes=1)
    last = asked + 5 * minute
    assert next_step(EARLY, STARTS, asked, asked_at=asked, calls=0, may_call=True) == (Step.CALL, None)
    assert next_step(EARLY, STARTS, asked + minute, asked_at=asked, calls=1, may_call=True) == (Step.STAND_IN, None)
    assert next_step(EARLY, STARTS, asked, asked_at=asked, calls=0, may_call=False) == (Step.WAIT, last)
    assert next_step(EARLY, STARTS, last, asked_at=asked, calls=0, may_call=False) == (Step.STAND_IN, None)
