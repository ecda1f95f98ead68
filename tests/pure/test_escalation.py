"""The ladder after a safety check-in that reached nobody: each rung once, in order, and always to a person's hands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.escalation import (
    LOOK_AGAIN,
    MOST_DIALS,
    AskContact,
    AskCoordinator,
    Asked,
    AskVolunteer,
    Move,
    Standing,
    Wait,
    hear_the_end,
    looked_after_until,
    may_ring,
    next_move,
    pause_after,
)
from phoneline.escalation_states import EscalationEnd, EscalationStep, TellingResult

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
STEP = 900
BEGUN = Standing(None, NOW, None, may_ring=True, volunteer=True, talking=False, contacts=("ravi", "mia"), asked=())
CALLED = replace(BEGUN, step=EscalationStep.VOLUNTEER)
SOON = NOW + LOOK_AGAIN


def was(who: str, result: TellingResult | None) -> Asked:
    return Asked(who, result)


@pytest.mark.parametrize(
    ("standing", "move"),
    [
        (BEGUN, AskVolunteer()),
        (replace(BEGUN, volunteer=False), AskContact("ravi")),
        (replace(BEGUN, volunteer=False, contacts=()), AskCoordinator()),
        (replace(BEGUN, may_ring=False), AskCoordinator()),
        (replace(CALLED, not_before=SOON), Wait(SOON)),
        (CALLED, AskContact("ravi")),
        (replace(CALLED, talking=True), Wait(SOON)),
        (replace(CALLED, asked=[was("ravi", None)]), Wait(SOON)),
        (replace(CALLED, asked=[was("ravi", TellingResult.SILENT)]), AskContact("mia")),
        (replace(CALLED, asked=[was("ravi", TellingResult.NOT_RUNG)]), AskContact("ravi")),
        (replace(CALLED, asked=[was("ravi", TellingResult.NOT_RUNG)] * MOST_DIALS), AskContact("mia")),
        (replace(CALLED, taken_until=SOON), Wait(SOON)),
        (replace(CALLED, taken_until=NOW), AskCoordinator()),
        (replace(CALLED, step=EscalationStep.COORDINATOR, talking=True), AskCoordinator()),
    ],
)
def test_what_comes_next(standing: Standing, move: Move) -> None:
    assert next_move(standing, NOW) == move


results = st.sampled_from([one for one in TellingResult if one not in {TellingResult.TOLD, TellingResult.WELL}])


@given(
    people=st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True),
    volunteer=st.booleans(),
    outcomes=st.lists(results, min_size=20, max_size=20),
    talks=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_everybody_is_asked_at_most_once_in_order_and_it_always_ends_with_a_coordinator(
    people: list[str], volunteer: bool, outcomes: list[TellingResult], talks: list[bool]
) -> None:
    at = replace(BEGUN, volunteer=volunteer, contacts=people)
    now, rung, moves = NOW, list[Asked](), list[Move]()
    for talking in [*talks, *[False] * 60]:
        move = next_move(replace(at, talking=talking, asked=rung), now)
        moves.append(move)
        match move:
            case Wait(until):
                assert until > now
                now = until
            case AskVolunteer():
                assert moves[:-1] == [one for one in moves[:-1] if isinstance(one, Wait)], "first of all"
                at = replace(at, step=EscalationStep.VOLUNTEER, not_before=now + timedelta(seconds=STEP))
            case AskContact(one):
                result = outcomes[len(rung)]
                rung.append(Asked(one, result))
                taken = looked_after_until(now, STEP) if result is TellingResult.TAKEN else None
                pause = now + pause_after(result, STEP)
                at = replace(at, step=EscalationStep.CONTACTS, not_before=pause, taken_until=taken)
            case AskCoordinator():
                break
    assert moves[-1] == AskCoordinator()
    really = [one.contact_id for one in rung if one.result is not TellingResult.NOT_RUNG]
    assert len(set(really)) == len(really)
    assert really == [one for one in people if one in really], "in the peer's own order"
    if not any(one.result is TellingResult.TAKEN for one in rung):
        assert {one.contact_id for one in rung} == set(people), "nobody is left out"
    assert sum(isinstance(one, AskVolunteer) for one in moves) == volunteer


def test_whoever_pressed_a_key_is_told_the_end_but_for_who_said_so() -> None:
    asked = [
        was("a", TellingResult.TAKEN),
        was("b", TellingResult.SILENT),
        was("c", TellingResult.STOP),
        was("d", TellingResult.WELL),
        was("e", None),
    ]
    assert list(hear_the_end(asked, EscalationEnd.WELL)) == ["a"]
    assert list(hear_the_end(asked, EscalationEnd.HEARD)) == ["a", "d"]


def test_a_night_later_than_the_check_ins_own_day_it_rings_no_telephone_but_a_coordinators() -> None:
    due, midnight = NOW, NOW + timedelta(hours=14)
    assert may_ring(midnight - timedelta(minutes=1), due, midnight, quiet=True)
    assert not may_ring(midnight, due, midnight, quiet=True)
    assert may_ring(midnight, midnight - timedelta(minutes=5), midnight, quiet=True), "a late check-in's own evening"
    assert may_ring(midnight, due, midnight, quiet=False)
