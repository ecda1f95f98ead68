"""What happens often asks the database little, however many people are on shift."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from phoneline import fetching_takes, jobs, ticker
from phoneline.db import Database
from phoneline.fetching import fetch_due
from phoneline.line import Line
from phoneline.models import Pulse
from phoneline.sweep import sweep
from tests.databases import counting
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Scene

TURN, FIRST_TURN, KEY, TICK = 8, 20, 12, 5


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
    # The first reads recordings and words of prompts, as once a second.
    assert all(queries_of_turn(line, carrier, call, turn) <= TURN + 2 for turn in (1, 2, 3))


def test_key_1_asks_no_more_the_more_phones_ring(line: Line, scene: Scene, carrier: Carrier) -> None:
    for phones in (2, 6):
        call = scene.waiting_call()
        rings = [scene.ringing(call) for _ in range(phones)]
        _ = line.live
        with counting(line.database) as counted:
            carrier.ask(rings[0].at("key/1"), rings[0].sid, Digits="1")
        assert len(counted) <= KEY
        assert scene.call(call.id).volunteer_id == rings[0].volunteer_id


def test_a_tick_in_which_nothing_is_due_asks_little(line: Line, scene: Scene) -> None:
    scene.talking()
    scene.waiting_call()
    messenger = jobs.Messenger(line)

    def tick() -> None:
        for part in ticker.parts(line, messenger):
            part()
        sweep(line)
        fetch_due(line)
        fetching_takes.fetch_due(line)

    tick()
    with counting(line.database) as counted:
        tick()
    messenger.close()
    assert len(counted) <= TICK


class FirstAnswerLost(Database):
    """The first question to it fails, as one that asks for what isn't there."""

    lost = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        if not self.lost:
            self.lost = True
            raise ProgrammingError("", {}, Exception())
        with super().reading() as session:
            yield session


def test_a_tick_whose_one_question_fails_does_its_work_all_the_same(
    line: Line, database_url: str, scene: Scene
) -> None:
    database = FirstAnswerLost(database_url)
    messenger = jobs.Messenger(line)
    for part in ticker.parts(replace(line, database=database), messenger):
        with suppress(ProgrammingError):
            part()
    messenger.close()
    database.close()
    assert database.lost
    with scene.database.reading() as session:
        assert session.get(Pulse, ticker.BEAT) is not None, "the last part of the tick"
