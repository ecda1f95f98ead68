"""Whom a caller gets: who speaks their language, whom they know, whom they wish for, and never who is kept apart."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from phoneline import clock, offers
from phoneline.live_settings import LiveSettings
from phoneline.models import Apart, Call, Leg, Offer, Person
from phoneline.prompts import catalogue
from phoneline.states import CallState, Direction, LegState, OfferResult, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Scene


@pytest.fixture
def ana(scene: Scene) -> str:
    """Has never talked with anybody, so that without wishes she would be rung first."""
    return volunteer(scene)


@pytest.fixture
def ravi(scene: Scene) -> str:
    """Has talked today."""
    who = volunteer(scene, skills=["parent", "Grief"])
    with scene.database.transaction() as session:
        ended = factories.call(session, clock.now(), state=CallState.ENDED)
        offer = factories.offer(session, ended, session.get_one(Person, who), clock.now(), OfferResult.ACCEPTED)
        offer.joined_at = clock.now()
    return who


def volunteer(scene: Scene, **given: Any) -> str:
    with scene.database.transaction() as session:
        who = factories.person(session, Role.VOLUNTEER, now=clock.now(), **given).id
    scene.shift(who)
    return who


def peer(scene: Scene, **given: Any) -> str:
    with scene.database.transaction() as session:
        return factories.person(session, now=clock.now(), **given).id


def keep_apart(scene: Scene, one: str, other: str, *, strict: bool = True, on_page: bool = False) -> None:
    """By the people spreadsheet, or by a decision on a page."""
    with scene.database.transaction() as session:
        if on_page:
            factories.apart_decision(session, one, other, clock.now(), strict=strict)
        else:
            session.add(Apart(person_id=one, other_id=other, strict=strict))


def rung(scene: Scene, carrier: Carrier, call: OnTheLine) -> set[str]:
    """Who is rung for the call after its next turn."""
    carrier.ask(call.at("wait/1"), call.sid)
    with scene.database.reading() as session:
        return {offer.volunteer_id for offer in factories.open_offers(session)}


def test_without_a_wish_it_is_who_never_talked(scene: Scene, carrier: Carrier, ana: str, ravi: str) -> None:
    assert rung(scene, carrier, scene.waiting_call()) == {ana}


@pytest.mark.parametrize("given", [{"language": "fr"}, {"language": "es", "speaks": ["fr"]}])
def test_who_speaks_the_callers_language(scene: Scene, carrier: Carrier, ana: str, given: dict[str, Any]) -> None:
    speaker = volunteer(scene, **given)
    scene.shift(ana)
    assert rung(scene, carrier, scene.waiting_call(language="fr")) == {speaker}


def test_who_speaks_it_is_waited_for_until_half_the_cap(scene: Scene, carrier: Carrier, ana: str) -> None:
    busy = scene.talking()[1].volunteer_id
    scene.change(Person, busy, language="fr")
    call = scene.waiting_call(language="fr")
    assert rung(scene, carrier, call) == set()
    scene.change(Call, call.id, wait_began_at=clock.now() - timedelta(seconds=46))
    assert rung(scene, carrier, call) == {ana}


def test_where_nobody_speaks_it_anybody_is_better_than_nobody(scene: Scene, carrier: Carrier, ana: str) -> None:
    assert rung(scene, carrier, scene.waiting_call(language="es")) == {ana}


def test_the_volunteer_of_last_time(scene: Scene, carrier: Carrier, ana: str, ravi: str) -> None:
    sam = peer(scene)
    with scene.database.transaction() as session:
        for volunteer_id, days, talked in ((ana, 9, True), (ravi, 3, True), (ana, 1, False)):
            at = clock.now() - timedelta(days=days)
            answered = at if talked else None
            factories.call(
                session, at, person_id=sam, volunteer_id=volunteer_id, answered_at=answered, state=CallState.ENDED
            )
    assert rung(scene, carrier, scene.waiting_call(person_id=sam)) == {ravi}


def test_wished_for_experience(scene: Scene, carrier: Carrier, ana: str, ravi: str) -> None:
    sam = peer(scene, prefers=["grief"])
    assert rung(scene, carrier, scene.waiting_call(person_id=sam)) == {ravi}


@pytest.mark.parametrize("on_page", [False, True])
def test_not_that_person_unless_nobody_else_is_there(
    scene: Scene, carrier: Carrier, ana: str, ravi: str, on_page: bool
) -> None:
    sam = peer(scene)
    keep_apart(scene, sam, ana, strict=False, on_page=on_page)
    call = scene.waiting_call(person_id=sam)
    assert rung(scene, carrier, call) == {ravi}
    scene.end_legs()
    with scene.database.transaction() as session:
        for offer in factories.open_offers(session):
            offer.result = OfferResult.DECLINED
    assert rung(scene, carrier, call) == {ana}


@pytest.mark.parametrize(("by_the_volunteer", "on_page"), [(False, False), (True, False), (False, True), (True, True)])
def test_kept_apart_is_kept_apart_whoever_said_so(
    scene: Scene, carrier: Carrier, ana: str, ravi: str, by_the_volunteer: bool, on_page: bool
) -> None:
    sam = peer(scene)
    keep_apart(scene, *((ana, sam) if by_the_volunteer else (sam, ana)), on_page=on_page)
    call = scene.waiting_call(person_id=sam)
    scene.change(Call, call.id, wait_began_at=clock.now() - timedelta(seconds=60))
    assert rung(scene, carrier, call) == {ravi}


def test_where_only_they_are_on_nobody_is(scene: Scene, carrier: Carrier, ana: str) -> None:
    sam = peer(scene)
    keep_apart(scene, sam, ana)
    call = scene.waiting_call(person_id=sam)
    assert rung(scene, carrier, call) == set()
    assert scene.call(call.id).state is CallState.CHOOSING, "they hear the choices at once"
    with scene.database.reading() as session:
        assert session.query(Leg).count() == 0


def test_a_coordinator_who_is_kept_apart_is_not_brought_in(scene: Scene, carrier: Carrier) -> None:
    call, ringing = scene.talking()
    coordinator = scene.coordinator()
    keep_apart(scene, str(scene.call(call.id).person_id), coordinator)
    assert carrier.ask(ringing.at("stepped-out"), ringing.sid).said == catalogue("en")["step_out"]


def test_who_pressed_1_and_met_nobody_keeps_their_place(scene: Scene, carrier: Carrier, ana: str, ravi: str) -> None:
    with scene.database.transaction() as session:
        gone = factories.call(session, clock.now(), state=CallState.ENDED)
        offer = factories.offer(session, gone, session.get_one(Person, ana), clock.now(), OfferResult.ACCEPTED)
        offer.accepted_at = clock.now()
        met = session.scalars(select(Offer).where(Offer.volunteer_id == ravi)).one()
        met.accepted_at = met.joined_at = clock.now() - timedelta(days=2)
    assert rung(scene, carrier, scene.waiting_call()) == {ana}


def test_a_call_back_asks_others_once_who_speaks_the_language_has_missed_it(scene: Scene, ana: str) -> None:
    speaker = volunteer(scene, language="fr")
    call = scene.waiting_call(language="fr", state=CallState.SEEKING, direction=Direction.OUTBOUND)
    asked = []
    for _ in range(3):
        with scene.database.transaction() as session:
            offers.offer_next(session, session.get_one(Call, call.id), LiveSettings(), clock.now())
            for offer in factories.open_offers(session):
                asked.append(offer.volunteer_id)
                offer.result, offer.leg.state = OfferResult.NO_ANSWER, LegState.ENDED
                offer.released_at = clock.now()
    assert asked == [speaker, ana]
