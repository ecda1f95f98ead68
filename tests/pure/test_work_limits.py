from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.recurrence import instant
from phoneline.roster_states import Refusal
from phoneline.shift_states import Hours, ShiftState, Shown, Standing, state
from phoneline.work_limits import Limits, Span, broken, covered, joined, weeks, within

TORONTO = ZoneInfo("America/Toronto")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 9)  # noqa: DTZ001 - the line's wall clock


def span(day: int, hour: float, lasts: float) -> Span:
    """So many hours from this hour of a day, of which 0 is the Monday."""
    starts = MONDAY + timedelta(days=day, hours=hour)
    return instant(starts, TORONTO), instant(starts + lasts * HOUR, TORONTO)


def refused(limits: Limits, wished: Span, *held: Span, away: tuple[Span, ...] = ()) -> Refusal | None:
    return broken(limits, held, away, wished, TORONTO)


def test_hours_of_a_night_count_in_the_week_in_which_they_lie() -> None:
    six = Limits(hours_a_week=6)
    assert refused(six, span(0, 9, 6)) is None
    assert refused(six, span(0, 9, 6), span(4, 9, 1)) is Refusal.HOURS_A_WEEK
    sunday_night = span(6, 22, 8)
    assert refused(six, sunday_night) is None
    assert refused(six, sunday_night, span(2, 9, 4)) is None
    assert refused(six, sunday_night, span(2, 9, 5)) is Refusal.HOURS_A_WEEK
    assert refused(six, sunday_night, span(8, 9, 1)) is Refusal.HOURS_A_WEEK
    assert refused(six, span(0, 9, 6), span(-7, 0, 100)) is None, "another week is none of its business"


def test_a_week_with_a_change_of_clocks_counts_the_hours_that_there_are() -> None:
    skipped = (instant(datetime(2026, 3, 8), TORONTO), instant(datetime(2026, 3, 8, 6), TORONTO))  # noqa: DTZ001 - the same
    assert refused(Limits(hours_a_week=5), skipped) is None
    repeated = (instant(datetime(2026, 11, 1), TORONTO), instant(datetime(2026, 11, 1, 6), TORONTO))  # noqa: DTZ001 - the same
    assert refused(Limits(hours_a_week=6), repeated) is Refusal.HOURS_A_WEEK


def test_a_shift_counts_in_the_week_in_which_it_begins() -> None:
    one = Limits(shifts_a_week=1)
    night = span(6, 22, 8)
    assert refused(one, night, span(7, 9, 2)) is None
    assert refused(one, span(7, 9, 2), night) is None
    assert refused(one, night, span(0, 9, 2)) is Refusal.SHIFTS_A_WEEK


def test_rest_is_from_the_end_of_what_meets_to_the_next_beginning() -> None:
    eight = Limits(rest_hours=8)
    assert refused(eight, span(1, 6, 2), span(0, 14, 8)) is None
    assert refused(eight, span(1, 5.5, 2), span(0, 14, 8)) is Refusal.REST
    assert refused(eight, span(0, 14, 8), span(1, 5.5, 2)) is Refusal.REST
    assert refused(eight, span(0, 22, 2), span(0, 14, 8)) is None, "what meets is one stretch"
    assert refused(eight, span(0, 22, 2), span(0, 14, 8), span(1, 7, 2)) is Refusal.REST


def test_no_moment_lies_on_a_day_off_nor_at_a_time_that_does_not_suit() -> None:
    sundays = Limits(days_off=frozenset({6}))
    assert refused(sundays, span(5, 22, 2)) is None
    assert refused(sundays, span(5, 22, 2.5)) is Refusal.DAY_OFF
    assert refused(sundays, span(6, 23.5, 3)) is Refusal.DAY_OFF
    assert refused(sundays, span(7, 0, 3)) is None
    dentist = span(2, 14, 2)
    assert refused(Limits(), span(2, 12, 2), away=(dentist,)) is None
    assert refused(Limits(), span(2, 12, 2.5), away=(dentist,)) is Refusal.UNAVAILABLE


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 23), st.integers(1, 9)), max_size=8))
def test_the_hours_of_all_weeks_together_are_all_hours(parts: list[tuple[int, int, int]]) -> None:
    spans = [span(*part) for part in parts]
    all_weeks = {week for one in spans for week in weeks(one, TORONTO)}
    whole = sum((ends_at - starts_at for starts_at, ends_at in joined(spans)), timedelta())
    assert sum((within(week, spans) for week in all_weeks), timedelta()) == whole


NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
LATER = span(2, 9, 3)


@pytest.mark.parametrize(
    ("who", "hours", "shown"),
    [
        (Standing("me"), Hours(*LATER), Shown(ShiftState.FREE)),
        (Standing("me"), Hours(*LATER, person_id="you"), Shown(ShiftState.FULL, Refusal.FULL)),
        (Standing("me"), Hours(*LATER, person_id="you", offered=True), Shown(ShiftState.FREE)),
        (Standing("me", held={"x": LATER}), Hours(*LATER), Shown(ShiftState.CLASHES, Refusal.CLASHES)),
        (Standing("me", held={"x": span(2, 12, 1)}), Hours(*LATER), Shown(ShiftState.FREE)),
        (Standing("me", ready=False), Hours(*LATER), Shown(ShiftState.NOT_READY, Refusal.NOT_READY)),
        (Standing("me"), Hours(NOW - 2 * HOUR, NOW), Shown(ShiftState.PAST, Refusal.PAST)),
        (Standing("me"), Hours(NOW - 2 * HOUR, NOW + HOUR), Shown(ShiftState.FREE)),
        (Standing("me", apart={"x": span(2, 11, 5)}), Hours(*LATER), Shown(ShiftState.LIMIT, Refusal.APART)),
        (Standing("me", limits=Limits(2)), Hours(*LATER), Shown(ShiftState.LIMIT, Refusal.HOURS_A_WEEK)),
        (Standing("me", held={"id": LATER}), Hours(*LATER, person_id="me"), Shown(ShiftState.MINE)),
        (
            Standing("me", held={"id": LATER}, away=(LATER,)),
            Hours(*LATER, person_id="me"),
            Shown(ShiftState.MINE, Refusal.UNAVAILABLE),
        ),
    ],
)
def test_what_hours_are_to_a_volunteer_is_said_in_one_word(who: Standing, hours: Hours, shown: Shown) -> None:
    assert state(who, hours, TORONTO, NOW, "id") == shown


def test_who_learns_sits_in_only_while_somebody_trained_is_on_all_the_time() -> None:
    seat = Hours(*LATER, shadow=True)
    halves = (span(2, 8, 2), span(2, 10, 2))
    learner = Standing("me", ready=False, shadowing=True, guided=halves)
    assert state(learner, seat, TORONTO, NOW).state is ShiftState.FREE
    assert state(learner, Hours(*LATER), TORONTO, NOW).state is ShiftState.NOT_READY
    alone = Standing("me", ready=False, shadowing=True, guided=halves[:1])
    assert state(alone, seat, TORONTO, NOW).state is ShiftState.NOT_READY
    untrained = Standing("me", ready=False, guided=halves)
    assert state(untrained, seat, TORONTO, NOW).state is ShiftState.NOT_READY
    assert covered(LATER, [LATER])
    assert not covered(LATER, [])
