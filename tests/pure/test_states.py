import pytest

from phoneline.states import (
    CALL_MOVES,
    FINAL_CHECKIN_STATES,
    OPEN_CHECKIN_STATES,
    WINNABLE_CALL_STATES,
    CallState,
    may_move,
)

FIRST = {CallState.GREETING, CallState.CHECKIN, CallState.SEEKING}


def reachable(start: CallState) -> set[CallState]:
    found, ahead = set[CallState](), {start}
    while ahead:
        state = ahead.pop()
        found.add(state)
        ahead |= set(CALL_MOVES[state]) - found
    return found


def test_the_table_knows_every_state() -> None:
    assert set(CALL_MOVES) == set(CallState)


def test_ended_has_no_way_out() -> None:
    assert not any(may_move(CallState.ENDED, state) for state in set(CallState) - {CallState.ENDED})
    assert may_move(CallState.ENDED, CallState.ENDED)


@pytest.mark.parametrize("state", CallState)
def test_every_state_is_reached_from_a_first_one_and_can_end(state: CallState) -> None:
    assert any(state in reachable(first) for first in FIRST)
    assert may_move(state, CallState.ENDED)


@pytest.mark.parametrize("first", sorted(FIRST))
def test_nothing_goes_back_to_a_beginning(first: CallState) -> None:
    assert not any(may_move(state, first) for state in set(CallState) - {first})


@pytest.mark.parametrize("chosen", [CallState.MESSAGE, CallState.CALLBACK])
def test_who_chose_a_way_out_is_not_connected_after_all(chosen: CallState) -> None:
    assert chosen not in WINNABLE_CALL_STATES
    assert reachable(chosen) == {chosen, CallState.ENDED}


def test_a_call_is_won_only_while_it_waits() -> None:
    assert {state for state in CallState if may_move(state, CallState.CONNECTED)} == {
        *WINNABLE_CALL_STATES - {CallState.SEEKING},
        CallState.RINGING,  # by the key of a peer who is called back: a volunteer has won the call before
        CallState.ASIDE,
        CallState.LEFT,  # for a third who was being rung when the volunteer went
        CallState.CONNECTED,
    }


def test_the_final_states_of_a_check_in_are_those_of_the_export() -> None:
    assert sorted(FINAL_CHECKIN_STATES) == ["expired", "ok", "skipped", "stopped", "talked", "unreached"]
    assert sorted(OPEN_CHECKIN_STATES) == ["calling", "due", "waiting"]
