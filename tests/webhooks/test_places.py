"""A caller who isn't the only one to wait hears where they stand."""

from datetime import timedelta
from typing import Any

import pytest

from phoneline import clock
from phoneline.models import Call, CallbackTry
from phoneline.states import CallState
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Scene
from tests.words import heard

TELLS = "wait/3"


def caller(scene: Scene, waited: float, **given: Any) -> OnTheLine:
    """Somebody who has waited for so many seconds and is heard of."""
    now = clock.now()
    call = scene.waiting_call(check_at=now + timedelta(seconds=20), **given)
    scene.change(Call, call.id, started_at=now - timedelta(seconds=waited))
    return call


@pytest.fixture
def asked(scene: Scene) -> None:
    """Somebody is on shift, and busy with one of those who came before."""
    scene.talking()


@pytest.mark.usefixtures("asked")
def test_each_hears_their_own_place(carrier: Carrier, scene: Scene) -> None:
    third, first, second = (caller(scene, waited) for waited in (10, 30, 20))
    said = [carrier.ask(one.at(TELLS), one.sid).said for one in (first, second, third)]
    assert said == [heard("wait_next"), heard("wait_place", place="2"), heard("wait_place", place="3")]


@pytest.mark.usefixtures("asked")
def test_who_waits_alone_hears_of_no_place(carrier: Carrier, scene: Scene) -> None:
    only = caller(scene, 20)
    for state in (CallState.CHOOSING, CallState.MESSAGE, CallState.GREETING, CallState.LEFT):
        caller(scene, 30, state=state)
    gone = caller(scene, 30)
    scene.change(Call, gone.id, check_at=clock.now() + timedelta(seconds=1))
    failed = caller(scene, 30)
    scene.change(Call, failed.id, safe_document_at=clock.now())
    said = carrier.ask(only.at(TELLS), only.sid).said
    assert said not in {heard("wait_next"), heard("wait_place", place="2")}
    assert said.startswith("I")


@pytest.mark.usefixtures("asked")
def test_call_backs_that_keep_an_earlier_place_come_first(carrier: Carrier, scene: Scene) -> None:
    now = clock.now()
    call, promised = caller(scene, 20), list[str]()
    for waited, due in ((40, now), (30, now + timedelta(hours=1)), (10, now)):
        earlier = caller(scene, waited, state=CallState.CALLBACK)
        with scene.database.transaction() as session:
            promised.append(factories.callback(session, session.get_one(Call, earlier.id), now, next_try_at=due).id)
    assert carrier.ask(call.at(TELLS), call.sid).said == heard("wait_place", place="2")
    sought = caller(scene, 5, state=CallState.SEEKING)
    with scene.database.transaction() as session:
        about = {"callback_id": promised[-1], "call_id": sought.id, "number_hash": "a hash"}
        session.add(CallbackTry(**about, began_at=now))
    assert carrier.ask(call.at(TELLS), call.sid).said == heard("wait_place", place="3")


@pytest.mark.usefixtures("asked")
def test_a_place_is_told_in_the_callers_language(carrier: Carrier, scene: Scene) -> None:
    caller(scene, 30)
    call = caller(scene, 20, language="fr")
    assert carrier.ask(call.at(TELLS), call.sid).said == heard("wait_place", "fr", place="2")


@pytest.mark.parametrize(("talked", "cap_begins_anew"), [(0, False), (4, False), (5, True), (300, True)])
def test_whom_a_volunteer_hardly_met_has_waited_all_the_while(
    carrier: Carrier, scene: Scene, talked: float, cap_begins_anew: bool
) -> None:
    scene.volunteer()
    began = clock.now() - timedelta(seconds=60)
    call = scene.waiting_call(state=CallState.LEFT, talk_seconds=talked, wait_began_at=began)
    for _ in range(2):
        carrier.ask(call.at("stay"), call.sid)
        row = scene.call(call.id)
        assert (row.state, row.wait_round) == (CallState.WAITING, 2)
        assert (row.wait_began_at > began) is cap_begins_anew
