"""Who misses too often is left in peace, and never the last one who could be rung."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import clock, live_settings, missed_offers, pauses, rosters
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg, Person, ShiftHours, TextOut
from phoneline.states import LegState, OfferResult, PauseReason, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import OnTheLine, Ringing, Scene


@pytest.fixture
def colleague(scene: Scene) -> str:
    """Somebody else who is on shift, and talks."""
    return scene.talking()[1].volunteer_id


def rung_again(scene: Scene, call: OnTheLine, who: Ringing, **leg: Any) -> Ringing:
    """The same volunteer's phone rings once more."""
    with scene.database.transaction() as session:
        row = session.get_one(Person, who.volunteer_id)
        offer = factories.offer(session, session.get_one(Call, call.id), row, clock.now())
        placed = session.get_one(Leg, offer.leg_id)
        placed.state, placed.number, placed.dialled_at = LegState.PLACED, who.number, clock.now()
        placed.carrier_sid = f"CA{placed.token.replace('-', ''):0>32}"
        for name, value in leg.items():
            setattr(placed, name, value)
        return Ringing(placed.token, str(placed.carrier_sid), offer.id, who.volunteer_id, who.number)


def miss(carrier: Carrier, scene: Scene, ringing: Ringing, how: str = "no-answer") -> None:
    """Nobody takes it; and whoever was rung instead is left alone again."""
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus=how)
    with scene.database.transaction() as session:
        for offer in factories.open_offers(session):
            if offer.leg.state is LegState.PENDING:
                session.delete(offer)
                session.flush()
                session.delete(offer.leg)


def missed(carrier: Carrier, scene: Scene, *ways: str) -> Ringing:
    """A volunteer who was rung once for each way to miss it."""
    call = scene.waiting_call()
    who = scene.ringing(call)
    ringing = who
    for number, how in enumerate(ways):
        ringing = rung_again(scene, call, who) if number else who
        miss(carrier, scene, ringing, how)
    return who


def reason(scene: Scene, who: Ringing) -> PauseReason | None:
    with scene.database.reading() as session:
        pause = pauses.current(session, who.volunteer_id, clock.now())
        return pause.reason if pause else None


@pytest.mark.usefixtures("colleague")
@pytest.mark.parametrize("ways", [["no-answer"] * 3, ["busy", "no-answer", "completed"], ["failed"] * 3])
def test_three_misses_in_a_row_are_a_pause(carrier: Carrier, scene: Scene, ways: list[str]) -> None:
    who = missed(carrier, scene, *ways)
    assert reason(scene, who) is PauseReason.MISSED
    assert who.volunteer_id not in scene.on_shift()


@pytest.mark.usefixtures("colleague")
def test_two_are_none(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, "no-answer", "no-answer")
    assert reason(scene, who) is None
    assert who.volunteer_id in scene.on_shift()


@pytest.mark.usefixtures("colleague")
@pytest.mark.parametrize("key", ["1", "2"])
def test_whoever_pressed_a_key_in_between_was_there(carrier: Carrier, scene: Scene, key: str) -> None:
    who = missed(carrier, scene, "no-answer", "no-answer")
    call = scene.waiting_call()
    there = rung_again(scene, call, who)
    carrier.ask(there.leg("answered"), there.sid)
    carrier.ask(there.at("key/1"), there.sid, Digits=key)
    carrier.ask(there.leg("status"), there.sid, CallStatus="completed")
    scene.end_legs()
    miss(carrier, scene, rung_again(scene, call, who))
    assert reason(scene, who) is None


@pytest.mark.usefixtures("colleague")
def test_what_was_called_off_or_never_dialled_neither_counts_nor_begins_anew(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, "no-answer")
    with scene.database.transaction() as session:
        call = factories.call(session, clock.now())
        row = session.get_one(Person, who.volunteer_id)
        for result in (OfferResult.CANCELLED, OfferResult.FAILED, OfferResult.CANCELLED, OfferResult.FAILED):
            # The carrier gave these legs no id.
            factories.offer(session, call, row, clock.now(), result).resolved_at = clock.now()
    again = scene.waiting_call()
    miss(carrier, scene, rung_again(scene, again, who))
    assert reason(scene, who) is None
    miss(carrier, scene, rung_again(scene, again, who))
    assert reason(scene, who) is PauseReason.MISSED


@pytest.mark.usefixtures("colleague")
def test_nought_means_never(carrier: Carrier, scene: Scene) -> None:
    with scene.database.transaction() as session:
        live_settings.write(session, "missed_offers_before_pause", "0", clock.now())
    assert reason(scene, missed(carrier, scene, *["no-answer"] * 5)) is None


def test_the_last_one_on_shift_is_never_paused(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, *["no-answer"] * 4)
    assert reason(scene, who) is None
    assert scene.on_shift() == {who.volunteer_id}


def test_of_two_who_miss_in_the_same_instant_one_stays(scene: Scene) -> None:
    call = scene.waiting_call()
    both = [scene.ringing(call), scene.ringing(call)]
    live, now = LiveSettings(), clock.now()

    def third_miss(session: Session, who: Ringing) -> None:
        row, asked = session.get_one(Person, who.volunteer_id), session.get_one(Call, call.id)
        offers = [factories.offer(session, asked, row, now, OfferResult.NO_ANSWER) for _ in range(3)]
        for offer in offers:
            offer.resolved_at = now
        session.flush()
        missed_offers.pause_if_too_many(session, offers[-1], live, now)

    def the_other_one() -> None:
        with scene.database.transaction() as session:
            third_miss(session, both[1])

    scene.end_legs()
    other = threading.Thread(target=the_other_one)
    with scene.database.transaction() as session:
        third_miss(session, both[0])
        other.start()
        # Long enough for whoever doesn't wait for us.
        other.join(0.4)
    other.join(30)
    assert [reason(scene, one) for one in both] == [PauseReason.MISSED, None]


def test_who_let_it_ring_is_rung_again_once_nobody_else_is_on(carrier: Carrier, scene: Scene, colleague: str) -> None:
    who = missed(carrier, scene, *["no-answer"] * 3)
    assert scene.on_shift() == {colleague}
    with scene.database.transaction() as session:
        rosters.go_off_shift(session, colleague, clock.now())
    assert scene.on_shift() == {who.volunteer_id}
    assert reason(scene, who) is PauseReason.MISSED


def test_a_break_is_a_break_even_for_the_last_one(scene: Scene) -> None:
    call = scene.waiting_call()
    who = scene.ringing(call)
    now = clock.now()
    with scene.database.transaction() as session:
        pauses.take_break(session, who.volunteer_id, now + timedelta(hours=1), now)
    assert scene.on_shift() == set()
    with scene.database.reading() as session:
        later = now + timedelta(hours=1)
        assert {one.person_id for one in rosters.on_shift(session, later)} == {who.volunteer_id}


@pytest.mark.usefixtures("colleague")
def test_after_coming_back_three_more_are_needed(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, *["no-answer"] * 3)
    with scene.database.transaction() as session:
        assert pauses.resume(session, who.volunteer_id, clock.now())
        assert not pauses.resume(session, who.volunteer_id, clock.now())
    assert who.volunteer_id in scene.on_shift()
    call = scene.waiting_call()
    for _ in range(2):
        miss(carrier, scene, rung_again(scene, call, who))
    assert reason(scene, who) is None
    miss(carrier, scene, rung_again(scene, call, who))
    assert reason(scene, who) is PauseReason.MISSED


@pytest.mark.usefixtures("colleague")
def test_taking_a_call_is_coming_back(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, *["no-answer"] * 3)
    there = rung_again(scene, scene.waiting_call(), who)
    carrier.ask(there.leg("answered"), there.sid)
    carrier.ask(there.at("key/1"), there.sid, Digits="1")
    assert reason(scene, who) is None


@pytest.mark.usefixtures("colleague")
def test_the_next_shift_ends_a_pause_and_not_a_break_with_an_end(carrier: Carrier, scene: Scene) -> None:
    who = missed(carrier, scene, *["no-answer"] * 3)
    resting = scene.ringing(scene.waiting_call())
    now = clock.now()
    tomorrow = now + timedelta(days=1)
    with scene.database.transaction() as session:
        pauses.take_break(session, resting.volunteer_id, now + timedelta(days=3), now)
        for one in (who, resting):
            hours = session.query(ShiftHours).filter_by(person_id=one.volunteer_id).first()
            assert hours is not None
            session.add(
                ShiftHours(
                    shift_id=hours.shift_id,
                    person_id=one.volunteer_id,
                    tier=1,
                    starts_at=tomorrow,
                    ends_at=tomorrow + timedelta(hours=2),
                )
            )
    with scene.database.reading() as session:
        before = tomorrow - timedelta(seconds=1)
        assert set(pauses.all_current(session, before)) == {who.volunteer_id, resting.volunteer_id}
        assert set(pauses.all_current(session, tomorrow)) == {resting.volunteer_id}
        assert {one.person_id for one in rosters.on_shift(session, tomorrow)} == {who.volunteer_id}


def test_a_later_break_replaces_an_earlier_one_and_misses_leave_it(scene: Scene) -> None:
    who = scene.ringing(scene.waiting_call())
    now = clock.now()
    with scene.database.transaction() as session:
        for hours in (1, 4):
            pauses.take_break(session, who.volunteer_id, now + timedelta(hours=hours), now)
        pauses.for_misses(session, who.volunteer_id, now)
    with scene.database.reading() as session:
        pause = pauses.current(session, who.volunteer_id, now)
        assert pause is not None
        assert (pause.reason, pause.until) == (PauseReason.BREAK, now + timedelta(hours=4))


@pytest.mark.parametrize(("pin", "way_back"), [("a hash", "press star"), (None, "Tell your coordinator")])
def test_they_and_the_coordinator_on_duty_are_told_once_how_it_ends(
    carrier: Carrier, scene: Scene, colleague: str, pin: str | None, way_back: str
) -> None:
    with scene.database.transaction() as session:
        local = clock.now().astimezone(factories.TORONTO).replace(tzinfo=None)
        for language, tier in (("fr", 1), ("en", 2)):
            on_duty = factories.person(session, Role.COORDINATOR, now=clock.now(), language=language)
            hours = (local - timedelta(hours=1), local + timedelta(hours=1))
            factories.shift(session, on_duty, *hours, clock.now(), tier=tier)
    call = scene.waiting_call()
    who = scene.ringing(call)
    scene.change(Person, who.volunteer_id, name="Kim Example", pin_hash=pin)
    for number in range(4):
        miss(carrier, scene, rung_again(scene, call, who) if number else who)
    with scene.database.reading() as session:
        texts = [text.body for text in session.scalars(select(TextOut).order_by(TextOut.person_id != who.volunteer_id))]
    assert len(texts) == 2
    assert texts[0].startswith("Hi Kim, ")
    assert way_back in texts[0]
    assert texts[1].startswith("Kim a manqué")
