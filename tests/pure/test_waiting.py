from hypothesis import given
from hypothesis import strategies as st

from phoneline.documents.waiting import prompt, tells_place

turns = st.integers(1, 500)
places = st.none() | st.integers(1, 90)


@given(turns, places)
def test_no_turn_says_what_the_one_before_said(turn: int, place: int | None) -> None:
    assert prompt(turn, 1, place) != prompt(turn + 1, 1, place)


@given(turns, st.integers(1, 5))
def test_who_waits_alone_hears_of_no_place(turn: int, wait_round: int) -> None:
    assert prompt(turn, wait_round, None) not in {"wait_next", "wait_place"}


@given(turns, st.integers(1, 90))
def test_of_three_turns_one_tells_the_place_after_the_first_words(turn: int, place: int) -> None:
    said = [prompt(one, 1, place) for one in range(turn, turn + 3)]
    assert said.count("wait_next" if place == 1 else "wait_place") == 1
    assert [tells_place(one) for one in range(turn, turn + 3)].count(True) == 1


def test_the_first_words_of_each_wait_are_its_own() -> None:
    assert [prompt(1, wait_round, 2) for wait_round in (1, 2, 3)] == [*["wait_first", "wait_again", "wait_again"]]
