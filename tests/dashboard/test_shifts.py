from datetime import UTC, datetime, timedelta

from dashboard.shifts import Span, joined, next_on, on_now

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def at(hour: float) -> datetime:
    return NOON + timedelta(hours=hour)


def span(who: str, starts: float, ends: float, tier: int = 1) -> Span:
    return Span(who, who.title(), tier, at(starts), at(ends))


def test_hours_that_meet_are_one_stretch() -> None:
    assert joined([span("ana", 2, 4), span("ana", 0, 2), span("ravi", 1, 3), span("ana", 5, 6)]) == [
        span("ana", 0, 4),
        span("ravi", 1, 3),
        span("ana", 5, 6),
    ]


def test_hours_within_others_shorten_nothing() -> None:
    assert joined([span("ana", 0, 8), span("ana", 1, 2)]) == [span("ana", 0, 8)]


def test_hours_of_another_tier_stay_apart() -> None:
    assert len(joined([span("ana", 0, 2), span("ana", 2, 4, tier=2)])) == 2


def test_everybody_is_on_once_with_the_best_tier_until_the_end_itself() -> None:
    both = [span("ana", -2, 3, tier=2), span("ana", -1, 1), span("ravi", -3, 0)]
    assert on_now(both, NOON) == [span("ana", -1, 1)]


def test_next_is_whoever_begins_first() -> None:
    later = [span("ana", -1, 1), span("kim", 5, 6), span("ravi", 2, 3), span("joelle", 2, 4)]
    assert [one.person_id for one in next_on(later, NOON)] == ["ravi", "joelle"]
    assert next_on(later, at(9)) == []
