"""A volunteer calls from their own page: their own phone rings first, and nobody else's in their place."""

import pytest
from sqlalchemy import select

from phoneline import clock, own_checkins
from phoneline.models import Call, Checkin, Offer, Person
from phoneline.own_checkins import Answer, OwnList
from phoneline.prompts import catalogue
from phoneline.states import CallState, CheckinState, OfferResult
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.check_in_list import DueCalls, at_any_hour
from tests.webhooks.own_menu import Member, volunteer
from tests.webhooks.promises import dialled, ringing_of
from tests.webhooks.scenes import Ringing, Scene

WORDS = catalogue("en")


@pytest.fixture
def due(scene: Scene, carrier: Carrier) -> DueCalls:
    at_any_hour(scene)
    return DueCalls(scene, carrier)


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


def ring(due: DueCalls, who: str, checkin_id: str) -> Answer:
    now = clock.now() + due.ahead
    with due.scene.database.transaction() as session:
        own = OwnList(session.get_one(Person, who), factories.TORONTO, now, due.live)
        return own_checkins.ring(session, own, checkin_id)


def rings(due: DueCalls) -> Ringing:
    (leg,) = dialled(due.scene)
    with due.scene.database.reading() as session:
        return ringing_of(session, leg)


def test_they_are_rung_at_once_and_then_the_peer_before_the_time_of_it(due: DueCalls, noor: Member) -> None:
    checkin_id = due.peer(noor, due=0.001, topics="chess")
    due.scene.volunteer()
    assert ring(due, noor.id, checkin_id) is Answer.RUNG
    due.look(1)
    own = rings(due)
    assert own.volunteer_id == noor.id
    assert ring(due, noor.id, checkin_id) is Answer.ON_THE_PHONE
    assert due.offered(own) == WORDS["offer_checkin"].format(name="Mika")
    assert "chess" in due.key(own, "1").said
    assert due.of(checkin_id)[0] is CheckinState.DUE


def test_who_lets_their_own_call_ring_is_not_replaced_by_another(due: DueCalls, noor: Member) -> None:
    checkin_id = due.peer(noor, due=0.01)
    due.scene.volunteer()
    assert ring(due, noor.id, checkin_id) is Answer.RUNG
    due.gone(rings(due), "no-answer")
    assert due.rung(2) == []
    with due.scene.database.reading() as session:
        assert session.scalars(select(Offer.result)).all() == [OfferResult.NO_ANSWER]
        assert session.scalars(select(Call.state)).all() == [CallState.ENDED]
        assert session.get_one(Checkin, checkin_id).attempts_used == 0
    assert ring(due, noor.id, checkin_id) is Answer.RUNG, "and may try again"


def test_what_nobody_else_could_be_asked_for_they_take_over(due: DueCalls, noor: Member) -> None:
    checkin_id = due.peer(None)
    ravi = due.scene.volunteer()
    (asked,) = due.rung(1)
    assert asked.volunteer_id == ravi
    due.gone(asked, "busy")
    assert ring(due, noor.id, checkin_id) is Answer.NOT_NOW, "it isn't theirs, off shift"
    due.scene.shift(noor.id)
    assert ring(due, noor.id, checkin_id) is Answer.RUNG
    assert rings(due).volunteer_id == noor.id
