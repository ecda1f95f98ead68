"""In a conversation the two hear once that the agreed time is nearly used up. Nobody else does, and it goes on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from phoneline import announcing, clock, time_warnings
from phoneline.carrier import BusyError, NotThereError, UnknownError
from phoneline.line import Line
from phoneline.models import Call, DailyLimit, Handover, Person, TimeWarning
from phoneline.prompts import catalogue
from phoneline.recurrence import day_around
from phoneline.states import CallState, Direction, WarningResult
from tests import factories
from tests.webhooks.carrier import PUBLIC_URL, Carrier, Records
from tests.webhooks.scenes import OnTheLine, Scene

MINUTES = 10
DUE = timedelta(minutes=MINUTES - 2, seconds=5)
"""So long they have talked when the word is due."""


def agree(scene: Scene, call: OnTheLine, **agreed: Any) -> None:
    with scene.database.transaction() as session:
        person = session.get_one(Person, session.get_one(Call, call.id).person_id)
        factories.daily_limit(session, person, clock.now(), **({"minutes": MINUTES} | agreed))


def conversation(scene: Scene, talked: timedelta = DUE, **given: Any) -> OnTheLine:
    """A caller with ten minutes a day, and a volunteer."""
    call, _ = scene.talking(**given)
    agree(scene, call)
    scene.change(Call, call.id, joined_at=clock.now() - talked)
    return call


def due(line: Line, seconds: float = 0) -> Sequence[str]:
    """In which calls it is to be said then."""
    with line.database.reading() as session:
        return time_warnings.due(session, line.settings.timezone, clock.now() + timedelta(seconds=seconds))


def said(records: Records) -> list[str]:
    """The addresses of what the carrier was asked to say in the room."""
    return [url for what, url in records.asked if what == "announce a-room"]


def warning(scene: Scene) -> TimeWarning:
    with scene.database.reading() as session:
        return session.scalars(select(TimeWarning)).one()


def test_both_hear_it_once_whoever_tells_it(line: Line, records: Records, carrier: Carrier, scene: Scene) -> None:
    call = conversation(scene, language="es")
    assert due(line) == [call.id]
    with ThreadPoolExecutor(3) as clocks:
        list(clocks.map(lambda _: announcing.warn_of_time(line, call.id), range(3)))
    announcing.warn_of_time(line, call.id)
    [url] = said(records)
    assert due(line) == []
    assert warning(scene).result is WarningResult.TAKEN
    path = url.removeprefix(PUBLIC_URL)
    for _ in range(2):
        document = carrier.ask(path, "CA" + "77" * 16)
        assert (document.said, document.verbs) == (catalogue("es")["limit_nearly_used_up"], ["Say"])
    assert warning(scene).fetched_at is not None
    assert scene.call(call.id).state is CallState.CONNECTED


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (NotThereError("no such room"), WarningResult.FAILED),
        (BusyError("not reached"), WarningResult.FAILED),
        (UnknownError("a lost answer"), WarningResult.UNKNOWN),
        (SystemExit("the process dies"), None),
    ],
)
def test_whatever_becomes_of_the_request_it_is_not_made_again(
    line: Line, records: Records, scene: Scene, error: BaseException, result: WarningResult | None
) -> None:
    call = conversation(scene)
    records.announce_error = error
    with capture_logs() as logs:
        if isinstance(error, SystemExit):
            with pytest.raises(SystemExit):
                announcing.warn_of_time(line, call.id)
        else:
            announcing.warn_of_time(line, call.id)
            assert [(one["event"], one["log_level"]) for one in logs] == [("time_warning_not_said", "warning")]
    announcing.warn_of_time(line, call.id)
    assert (due(line), len(said(records)), warning(scene).result) == ([], 1, result)
    assert scene.call(call.id).state is CallState.CONNECTED


def test_who_has_no_agreed_minutes_hears_nothing(line: Line, records: Records, scene: Scene) -> None:
    scene.talking()
    agree(scene, scene.talking()[0], minutes=None, calls=1)
    agree(scene, scene.talking()[0], ended_at=clock.now())
    agree(scene, scene.talking(direction=Direction.OUTBOUND)[0])
    with scene.database.reading() as session:
        calls = session.scalars(select(Call.id)).all()
    for call_id in calls:
        scene.change(Call, call_id, joined_at=clock.now() - DUE)
        announcing.warn_of_time(line, call_id)
    assert len(calls) == 4
    assert (due(line), said(records)) == ([], [])


def test_it_is_said_neither_too_early_nor_when_it_is_no_longer_true(line: Line, scene: Scene) -> None:
    call = conversation(scene, timedelta(minutes=MINUTES - 2))
    assert due(line, -2) == []
    assert due(line, 0) == due(line, 55) == [call.id]
    assert due(line, 60) == due(line, 3600) == []


def test_nobody_hears_it_on_hold_or_while_a_third_person_is_there_or_rung(line: Line, scene: Scene) -> None:
    call, _, third = scene.bringing()
    agree(scene, call)
    scene.change(Call, call.id, joined_at=clock.now() - DUE)
    assert due(line) == []
    scene.change(Handover, third.handover_id, ended_at=clock.now())
    assert due(line) == [call.id]
    scene.change(Call, call.id, state=CallState.ASIDE, talk_seconds=DUE.total_seconds(), joined_at=None)
    assert due(line, 600) == [], "time on hold isn't counted"
    scene.change(Call, call.id, state=CallState.CONNECTED, joined_at=clock.now())
    assert due(line) == [], "nor in the first seconds"
    assert due(line, 10) == [call.id]


def test_what_was_used_on_the_day_on_which_the_call_began_counts(line: Line, scene: Scene) -> None:
    call = conversation(scene, timedelta(minutes=3, seconds=5))
    began = day_around(clock.now(), factories.TORONTO)[0] - timedelta(seconds=1)
    scene.change(Call, call.id, started_at=began)
    ended = {"person_id": scene.call(call.id).person_id, "state": CallState.ENDED, "talk_seconds": 300.0}
    with scene.database.transaction() as session:
        factories.call(session, began - timedelta(days=1), answered_at=began, **ended)
    assert due(line) == []
    with scene.database.transaction() as session:
        factories.call(session, began, answered_at=began, **ended)
    assert due(line) == [call.id]


def test_a_limit_that_ends_or_a_caller_who_goes_meanwhile_leaves_it_unsaid(
    line: Line, records: Records, carrier: Carrier, scene: Scene
) -> None:
    calls = [conversation(scene), conversation(scene), conversation(scene)]
    announcing.warn_of_time(line, calls[0].id)
    scene.change(Call, calls[0].id, state=CallState.ENDED)
    [url] = said(records)
    assert carrier.ask(url.removeprefix(PUBLIC_URL)).verbs == []
    scene.change(Call, calls[1].id, state=CallState.LEFT)
    with scene.database.reading() as session:
        limit = session.scalars(select(DailyLimit).where(DailyLimit.person_id == scene.call(calls[2].id).person_id))
        limit_id = limit.one().id
    scene.change(DailyLimit, limit_id, ended_at=clock.now())
    for call in calls:
        announcing.warn_of_time(line, call.id)
    assert len(said(records)) == 1
    assert warning(scene).fetched_at is None
