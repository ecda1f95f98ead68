from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.preferences import Fit, Traits, Wishes, fit
from phoneline.routing import Candidate, next_offers
from tests.pure.test_routing import CAP, askable, early_waits, ids, somebody, strategies, teams, waits

late_waits = st.integers(45, 500).map(lambda seconds: timedelta(seconds=seconds))
ranks = st.tuples(st.booleans(), st.booleans())


@st.composite
def picky_teams(draw: st.DrawFn) -> list[Candidate]:
    """A team of which some speak the caller's language, some suit them, and some they would rather not talk with."""
    fits = st.builds(Fit, speaks=st.booleans(), unwished=st.booleans(), rank=ranks)
    return [replace(one, fit=draw(fits)) for one in draw(teams())]


def chosen(team: Sequence[Candidate], strategy: str, waited: timedelta) -> Sequence[Candidate]:
    return next_offers(team, strategy=strategy, waited=waited, cap=CAP)


def hopeful(team: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in team if one.may_take_it]


@given(picky_teams(), strategies, waits)
def test_nobody_who_is_not_free_is_chosen_whatever_is_wished(
    team: list[Candidate], strategy: str, waited: timedelta
) -> None:
    assert set(chosen(team, strategy, waited)) <= set(askable(team))


@given(picky_teams(), strategies, late_waits)
def test_from_half_the_cap_on_nobody_waits_while_anybody_can_be_asked(
    team: list[Candidate], strategy: str, waited: timedelta
) -> None:
    found = chosen(team, strategy, waited)
    assert {one for one in askable(team) if not one.fit.unwished} <= set(found)
    if askable(team):
        assert found or any(one.ringing_for_this and not one.fit.unwished for one in team)


@given(picky_teams(), strategies, early_waits)
def test_the_language_is_a_must_while_somebody_on_shift_speaks_it(
    team: list[Candidate], strategy: str, waited: timedelta
) -> None:
    for one in chosen(team, strategy, waited):
        if not one.fit.speaks:
            assert not [other for other in hopeful(team) if other.fit.speaks and not other.fit.unwished]


@given(picky_teams(), strategies, waits)
def test_whom_they_would_rather_not_have_comes_only_when_nobody_else_can_be_rung(
    team: list[Candidate], strategy: str, waited: timedelta
) -> None:
    if any(one.fit.unwished for one in chosen(team, strategy, waited)):
        welcome = [one for one in team if not one.fit.unwished]
        assert askable(welcome) == []
        assert not any(one.ringing_for_this for one in welcome)


@given(teams(), st.lists(ranks, min_size=6, max_size=6), strategies, waits)
def test_a_preference_makes_nobody_wait(
    team: list[Candidate], drawn: list[tuple[bool, bool]], strategy: str, waited: timedelta
) -> None:
    wishing = [replace(one, fit=Fit(rank=rank)) for one, rank in zip(team, drawn, strict=False)]
    assert len(chosen(wishing, strategy, waited)) == len(chosen(team, strategy, waited))


@given(picky_teams(), st.sampled_from(["least_recent", "in_order"]), early_waits)
def test_of_equals_whoever_suits_best_is_rung(team: list[Candidate], strategy: str, waited: timedelta) -> None:
    for one in chosen(team, strategy, waited):
        for other in askable(team):
            same = (other.missed, other.tier, other.fit.speaks, other.fit.unwished)
            if same == (one.missed, one.tier, one.fit.speaks, one.fit.unwished):
                assert one.fit.rank <= other.fit.rank


EARLY, LATE = timedelta(seconds=10), timedelta(seconds=60)
ORDINARY, UNWISHED, FITTING = Fit(rank=(True,)), Fit(unwished=True), Fit(rank=(False,))
FOREIGN = Fit(speaks=False)


@pytest.mark.parametrize(
    ("fits", "strategy", "waited", "expected"),
    [
        ([ORDINARY, FITTING], "least_recent", EARLY, ["1"]),
        ([ORDINARY, FITTING], "in_order", EARLY, ["1"]),
        ([ORDINARY, FITTING], "simultaneous", EARLY, ["0", "1"]),
        ([UNWISHED, ORDINARY], "in_order", EARLY, ["1"]),
        ([UNWISHED, ORDINARY, FOREIGN], "in_order", LATE, ["1", "2"]),
        ([UNWISHED], "in_order", EARLY, ["0"]),
        ([FOREIGN, ORDINARY], "simultaneous", EARLY, ["1"]),
        ([FOREIGN, UNWISHED], "in_order", EARLY, ["0"]),
        ([FOREIGN], "in_order", EARLY, ["0"]),
    ],
)
def test_who_is_rung(fits: list[Fit], strategy: str, waited: timedelta, expected: list[str]) -> None:
    team = [somebody(str(order), order=order, fit=one) for order, one in enumerate(fits)]
    assert ids(chosen(team, strategy, waited)) == expected


def test_last_time_comes_before_wishes_and_the_first_wish_before_the_second() -> None:
    wishes = Wishes("fr", last_time="ana", prefers=["Grief", "woman"])
    skills = {"ana": set(), "ravi": {"grief"}, "kim": {"woman"}, "lou": {"WOMAN", "grief"}, "max": {"cats"}}
    team = [Traits(name, {"fr"}, has) for name, has in skills.items()]
    ordered = sorted(team, key=lambda one: fit(wishes, one).rank)
    assert [one.person_id for one in ordered] == ["ana", "lou", "ravi", "kim", "max"]


def test_a_language_is_spoken_or_not_and_a_person_unwished_or_not() -> None:
    wishes = Wishes("fr", rather_not={"ravi"})
    assert fit(wishes, Traits("ana", {"en", "fr"})) == Fit(speaks=True, unwished=False, rank=(True,))
    assert fit(wishes, Traits("ravi", {"en"})) == Fit(speaks=False, unwished=True, rank=(True,))
