from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.live_settings import STRATEGIES
from phoneline.preferences import Fit
from phoneline.routing import MOST_RINGS, Candidate, next_offers

CAP = timedelta(seconds=90)
EARLY = timedelta(seconds=10)
YESTERDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = YESTERDAY + timedelta(days=1)


def somebody(person_id: str, **given: Any) -> Candidate:
    usual: dict[str, Any] = {"tier": 1, "free": True, "last_connected_at": None, "order": 0}
    return Candidate(person_id, **usual | given)


def ids(chosen: Sequence[Candidate]) -> list[str]:
    return [one.person_id for one in chosen]


UNWISHED = somebody("u", fit=Fit(unwished=True))
RINGING = {"free": False, "ringing_for_this": True}
EVENING: dict[str, tuple[list[Candidate], str, timedelta, list[str]]] = {
    "nobody on shift": ([], "least_recent", EARLY, []),
    "all busy": ([somebody("a", free=False)], "least_recent", EARLY, []),
    "never connected before long ago": (
        [somebody("a", last_connected_at=YESTERDAY), somebody("b", order=1)],
        "least_recent",
        EARLY,
        ["b"],
    ),
    "least recently connected": (
        [somebody("a", last_connected_at=TODAY), somebody("b", last_connected_at=YESTERDAY, order=1)],
        "least_recent",
        EARLY,
        ["b"],
    ),
    "equal by the roster": ([somebody("a", order=1), somebody("b", order=0)], "least_recent", EARLY, ["b"]),
    "in order": (
        [somebody("b", order=1), somebody("a", order=0, last_connected_at=TODAY)],
        "in_order",
        EARLY,
        ["a"],
    ),
    "tier 1 before a rested tier 2": (
        [somebody("a", last_connected_at=TODAY), somebody("b", tier=2, order=1)],
        "least_recent",
        EARLY,
        ["a"],
    ),
    "tier 2 when tier 1 is busy": ([somebody("a", free=False), somebody("b", tier=2)], "least_recent", EARLY, ["b"]),
    "tier 2 when tier 1 has passed": (
        [somebody("a", declined=True), somebody("b", tier=2)],
        "least_recent",
        EARLY,
        ["b"],
    ),
    "tier 2 before tier 1 is asked again": (
        [somebody("a", missed=1), somebody("b", tier=2)],
        "least_recent",
        EARLY,
        ["b"],
    ),
    "again when all let it ring": (
        [somebody("a", missed=1), somebody("b", tier=2, missed=1)],
        "least_recent",
        EARLY,
        ["a"],
    ),
    "one at a time": ([somebody("a", **RINGING), somebody("b", order=1)], "least_recent", EARLY, []),
    "one at a time in order": ([somebody("a", **RINGING), somebody("b", order=1)], "in_order", EARLY, []),
    "busy elsewhere holds nobody up": ([somebody("a", free=False), somebody("b")], "least_recent", EARLY, ["b"]),
    "a tier together": (
        [somebody("a"), somebody("b", order=1), somebody("c", tier=2, order=2)],
        "simultaneous",
        EARLY,
        ["a", "b"],
    ),
    "who came free joins the ringing tier": (
        [somebody("a", **RINGING), somebody("b", order=1)],
        "simultaneous",
        EARLY,
        ["b"],
    ),
    "tier 2 waits while tier 1 rings": (
        [somebody("a", **RINGING), somebody("b", tier=2)],
        "simultaneous",
        EARLY,
        [],
    ),
    "nor does tier 2 that rings already grow": (
        [somebody("a", **RINGING), somebody("b", tier=2, **RINGING), somebody("c", tier=2)],
        "simultaneous",
        EARLY,
        [],
    ),
    "unwished: not while another may come free": ([somebody("a", free=False), UNWISHED], "least_recent", EARLY, []),
    "unwished: once all others have passed": ([somebody("a", declined=True), UNWISHED], "least_recent", EARLY, ["u"]),
    "unwished: not while another's phone rings": ([somebody("a", **RINGING), UNWISHED], "least_recent", CAP / 2, []),
    "unwished: late, when no other is free": ([somebody("a", free=False), UNWISHED], "least_recent", CAP / 2, ["u"]),
    "just before half the cap": (
        [somebody("a"), somebody("b", order=1)],
        "least_recent",
        CAP / 2 - timedelta(seconds=1),
        ["a"],
    ),
    "everybody from half the cap": (
        [somebody("a", **RINGING), somebody("b", missed=2), somebody("c", tier=2), somebody("d", declined=True)],
        "least_recent",
        CAP / 2,
        ["b", "c"],
    ),
    "not for ever": ([somebody("a", missed=MOST_RINGS, rung=MOST_RINGS)], "least_recent", CAP, []),
}


@pytest.mark.parametrize("case", EVENING)
def test_an_evening_goes_by_the_rules(case: str) -> None:
    candidates, strategy, waited, expected = EVENING[case]
    assert ids(next_offers(candidates, strategy=strategy, waited=waited, cap=CAP)) == expected


@st.composite
def teams(draw: st.DrawFn) -> list[Candidate]:
    team = []
    for order in range(draw(st.integers(0, 6))):
        free = draw(st.booleans())
        team.append(
            Candidate(
                person_id=f"p{order}",
                tier=draw(st.sampled_from([1, 2])),
                free=free,
                last_connected_at=draw(st.none() | st.sampled_from([YESTERDAY, TODAY])),
                order=order,
                ringing_for_this=not free and draw(st.booleans()),
                missed=(rung := draw(st.integers(0, MOST_RINGS))) + draw(st.integers(0, 3)),
                rung=rung,
                declined=draw(st.booleans()),
            )
        )
    return team


strategies = st.sampled_from(STRATEGIES)
waits = st.integers(0, 89).map(lambda seconds: timedelta(seconds=seconds))
early_waits = st.integers(0, 44).map(lambda seconds: timedelta(seconds=seconds))


def askable(team: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in team if one.free and not one.declined and one.rung < MOST_RINGS]


@given(teams(), strategies, waits)
def test_nobody_busy_and_nobody_who_passed_is_asked(team: list[Candidate], strategy: str, waited: timedelta) -> None:
    chosen = next_offers(team, strategy=strategy, waited=waited, cap=CAP)
    assert len(set(ids(chosen))) == len(chosen)
    assert set(chosen) <= set(askable(team))


@given(teams(), st.sampled_from(["least_recent", "in_order"]), early_waits)
def test_one_at_a_time_until_half_the_cap(team: list[Candidate], strategy: str, waited: timedelta) -> None:
    chosen = next_offers(team, strategy=strategy, waited=waited, cap=CAP)
    ringing = any(one.ringing_for_this for one in team)
    assert len(chosen) == (1 if askable(team) and not ringing else 0)


@given(teams(), strategies, st.integers(45, 500).map(lambda seconds: timedelta(seconds=seconds)))
def test_from_half_the_cap_on_everybody_at_once(team: list[Candidate], strategy: str, waited: timedelta) -> None:
    assert set(next_offers(team, strategy=strategy, waited=waited, cap=CAP)) == set(askable(team))


@given(teams(), strategies, early_waits)
def test_backup_is_asked_only_when_the_first_tier_has_been(
    team: list[Candidate], strategy: str, waited: timedelta
) -> None:
    for one in next_offers(team, strategy=strategy, waited=waited, cap=CAP):
        before = [other for other in askable(team) if (other.missed, other.tier) < (one.missed, one.tier)]
        assert before == []


@given(teams(), early_waits)
def test_the_least_recently_connected_comes_first(team: list[Candidate], waited: timedelta) -> None:
    for one in next_offers(team, strategy="least_recent", waited=waited, cap=CAP):
        equals = [other for other in askable(team) if (other.missed, other.tier) == (one.missed, one.tier)]
        if one.last_connected_at is not None:
            assert all(
                other.last_connected_at is not None and other.last_connected_at >= one.last_connected_at
                for other in equals
            )


@given(teams(), early_waits)
def test_simultaneous_rings_a_tier_and_never_two(team: list[Candidate], waited: timedelta) -> None:
    chosen = next_offers(team, strategy="simultaneous", waited=waited, cap=CAP)
    groups = {(one.missed, one.tier) for one in chosen}
    assert len(groups) <= 1
    assert set(chosen) == {one for one in askable(team) if (one.missed, one.tier) in groups}
    for ringing in (one for one in team if one.ringing_for_this):
        assert all(group <= (ringing.missed, ringing.tier) for group in groups)


@given(teams(), strategies, waits, st.randoms(use_true_random=False))
def test_the_order_of_the_arguments_says_nothing(
    team: list[Candidate], strategy: str, waited: timedelta, random: Any
) -> None:
    shuffled = list(team)
    random.shuffle(shuffled)
    expected = next_offers(team, strategy=strategy, waited=waited, cap=CAP)
    assert set(next_offers(shuffled, strategy=strategy, waited=waited, cap=CAP)) == set(expected)
