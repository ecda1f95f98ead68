import pytest

from phoneline.allowance import Allowance
from phoneline.documents import turned_away
from phoneline.prompts import say


@pytest.mark.parametrize(
    ("allowance", "minutes_left", "is_used_up"),
    [
        (Allowance(None, 10, 5, 0), 10, False),
        (Allowance(None, 10, 5, 61), 9, False),
        (Allowance(None, 10, 5, 599), 1, False),
        (Allowance(None, 10, 5, 600), 0, True),
        (Allowance(None, 10, 5, 900), 0, True),
        (Allowance(3, None, 2, 9000), None, False),
        (Allowance(3, None, 3, 0), None, True),
        (Allowance(3, 10, 3, 0), 10, True),
        (Allowance(3, 10, 1, 600), 0, True),
    ],
)
def test_what_is_left_is_what_was_agreed_less_what_was_used(
    allowance: Allowance, minutes_left: int | None, is_used_up: bool
) -> None:
    assert (allowance.minutes_left, allowance.is_used_up) == (minutes_left, is_used_up)


@pytest.mark.parametrize(
    ("allowance", "prompt"),
    [
        (Allowance(3, None, 0, 0), None),
        (Allowance(3, 10, 2, 0), say("limit_last_call", "en")),
        (Allowance(None, 10, 2, 540), say("limit_minute", "en")),
        (Allowance(3, 10, 1, 240), say("limit_minutes", "en", minutes="6")),
    ],
)
def test_the_word_at_the_start_tells_what_is_worth_knowing(allowance: Allowance, prompt: object) -> None:
    assert turned_away.left_today(allowance, "en") == prompt


@pytest.mark.parametrize(
    ("minutes", "used", "earlier", "talking", "due"),
    [
        (10, 0, 0, 479, False),
        (10, 0, 0, 480, True),
        (10, 0, 0, 539, True),
        (10, 0, 0, 540, False),
        (10, 0, 0, 900, False),
        (10, 300, 0, 180, True),
        # The same call after a step aside, or with another volunteer.
        (10, 480, 480, 10, True),
        (10, 480, 300, 10, True),
        # They called with two minutes left, and heard so.
        (10, 480, 0, 10, False),
        (10, 500, 20, 10, False),
        (2, 0, 0, 10, False),
        (3, 0, 0, 60, True),
        (None, 0, 0, 480, False),
    ],
)
def test_the_word_in_a_conversation_is_due_two_minutes_before_the_end(
    minutes: int | None, used: float, earlier: float, talking: float, due: bool
) -> None:
    assert Allowance(5, minutes, 1, used).is_warning_due(earlier, talking) is due
