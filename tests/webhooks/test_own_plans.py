"""Key 3 in the first menu, request by request. What the keys do is in `tests/phoneline/test_own_plans.py`."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, due_checkins, live_settings
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Checkin
from phoneline.prompts import catalogue
from phoneline.quiet_hours import Window
from phoneline.states import CallState, CheckinState, Role
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.own_plans import PeerAtThePhone
from tests.webhooks.scenes import Scene

WORDS = catalogue("en")
NEVER = Window(time(0), time(0))


@pytest.fixture
def sam(scene: Scene, carrier: Carrier) -> PeerAtThePhone:
    return PeerAtThePhone(scene, carrier)


@pytest.mark.parametrize(
    ("roles", "language", "is_told"),
    [
        ([Role.PEER], "en", True),
        ([Role.PEER, Role.VOLUNTEER], None, True),
        ([Role.VOLUNTEER], "en", False),
    ],
)
def test_the_first_words_tell_peers_of_the_key(
    carrier: Carrier, database: Database, roles: list[Role], language: str | None, is_told: bool
) -> None:
    with database.transaction() as session:
        live_settings.write(session, "languages", "en" if language is None else "en,fr", clock.now())
        factories.person(session, *roles, now=clock.now(), numbers=[CALLER], language=language)
    said = carrier.ask("/webhooks/voice").said
    assert said == (f"{WORDS['greeting']} {WORDS['greeting_checkins']}" if is_told else WORDS["greeting"])


@pytest.mark.parametrize("who", ["unknown", "shared", "withheld", "volunteer"])
def test_whom_the_caller_id_does_not_tell_is_told_so_and_put_through(
    carrier: Carrier, scene: Scene, database: Database, who: str
) -> None:
    with database.transaction() as session:
        for _ in range(2 if who == "shared" else 0):
            factories.person(session, now=clock.now(), numbers=[CALLER])
        if who == "volunteer":
            factories.person(session, Role.VOLUNTEER, now=clock.now(), numbers=[CALLER])
    carrier.ask("/webhooks/voice", **({"From": "anonymous"} if who == "withheld" else {}))
    call = scene.arrived("CA" + "0c" * 16)
    told = carrier.ask(call.at("menu/1"), call.sid, Digits="3")
    assert told.said == WORDS["plans_unknown"]
    assert list(told.addresses)[-1].endswith(call.at("wait/1"))
    assert carrier.ask(f"/webhooks/own-plans/{call.token}/key/1", call.sid, Digits="1").leads_on
    assert scene.call(call.id).state is CallState.CHOOSING, "nobody is on shift"


def test_a_plan_changes_by_telephone_and_the_call_was_for_information(sam: PeerAtThePhone) -> None:
    assert "If you are Sam, press 1" in sam.three().said
    assert sam.three().said == sam.three().said, "however often it is asked"
    assert "every day at" in sam.press("1").said
    assert WORDS["plans_deleted"] in sam.press("9", "1").said
    assert sam.hang_up() == "information"


def test_0_rings_a_person_and_the_wait_is_that_of_any_caller(scene: Scene, sam: PeerAtThePhone) -> None:
    scene.volunteer()
    sam.three()
    sent_on = sam.press("1", "4", "0")
    assert sent_on.said == ""
    assert "ringing someone" in sam.carrier.ask(sam.call.at("wait/1"), sam.call.sid).said
    assert sam.state is CallState.WAITING
    assert "ringing" in sam.press("7").said, "a key that comes late changes nothing"
    assert sam.hang_up() == "information"


def test_while_they_are_in_the_menu_their_check_in_waits_and_being_there_does_not_settle_it(
    scene: Scene, database: Database, sam: PeerAtThePhone
) -> None:
    live = LiveSettings(quiet_weekday=NEVER, quiet_weekend=NEVER)
    with database.reading() as session:
        checkin = session.scalars(select(Checkin).order_by(Checkin.due_at)).first()
    assert checkin is not None
    due = checkin.due_at + timedelta(seconds=1)
    sam.three()
    sam.press("1")
    for rung in (False, True):
        with database.transaction() as session:
            leg = due_checkins.begin_attempt(session, live, factories.TORONTO, due)
            assert (leg is not None) is rung
            session.get_one(Checkin, checkin.id).dial_after = checkin.due_at
        sam.hang_up()
    assert scene.checkin(checkin.id).state is CheckinState.CALLING
