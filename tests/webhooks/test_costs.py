"""What happens often asks the database little, however many people are on shift."""

from phoneline.line import Line
from tests.databases import counting
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Scene

TURN, FIRST_TURN = 7, 20


def queries_of_turn(line: Line, carrier: Carrier, call: OnTheLine, turn: int) -> int:
    _ = line.live  # read once a second, for all calls together
    with counting(line.database) as counted:
        carrier.ask(call.at(f"wait/{turn}"), call.sid)
    return len(counted)


def test_a_wait_turn_asks_little_however_many_are_on_shift(line: Line, scene: Scene, carrier: Carrier) -> None:
    call = scene.waiting_call()
    for more in (1, 12):
        for _ in range(more):
            scene.volunteer()
        assert queries_of_turn(line, carrier, call, 1) <= FIRST_TURN, "somebody is rung, or rings"
        # Every third turn tells callers their place.
        assert all(queries_of_turn(line, carrier, call, turn) <= TURN for turn in (2, 3, 4)), "somebody rings"


def test_nor_does_a_turn_in_which_nobody_is_free(line: Line, scene: Scene, carrier: Carrier) -> None:
    for _ in range(3):
        scene.talking()
    call = scene.waiting_call()
    assert all(queries_of_turn(line, carrier, call, turn) <= TURN + 1 for turn in (1, 2, 3))
