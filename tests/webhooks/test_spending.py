"""Caps hold back what has not begun, callers last; and no number of another country is ever rung."""

from datetime import datetime, timedelta

import pytest

from phoneline import clock, due_checkins, live_settings, spending
from phoneline.line import Line
from phoneline.models import Alarm, Attempt, Checkin, Contact, Leg, Offer, Person, PhoneNumber
from phoneline.recurrence import day_around
from phoneline.spend_rules import Level
from phoneline.spend_watch import look
from phoneline.states import (
    AlarmKind,
    AttemptResult,
    CallState,
    CheckinState,
    Direction,
    FollowUp,
    LegState,
    OfferResult,
    Role,
)
from tests import factories
from tests.factories import TORONTO
from tests.webhooks.carrier import Carrier, Records
from tests.webhooks.scenes import Scene
from tests.webhooks.test_due_offers import dial_what_is_due

PARIS = "+33612345678"
SID = "CA" + "05" * 16
HOUR = timedelta(hours=1)


def set_live(line: Line, **values: str) -> None:
    """Change settings, also for whoever has just read them."""
    with line.database.transaction() as session:
        for key, text in ({"quiet_weekday": "00:00-00:00", "quiet_weekend": "00:00-00:00"} | values).items():
            live_settings.write(session, key, text, clock.now())
    line.live_cache._kept = None


def placed(scene: Scene, count: int, minutes: int = 0, at: datetime | None = None) -> None:
    """So many calls that we placed today, over by now."""
    began = at or max(day_around(clock.now(), TORONTO)[0], clock.now() - HOUR)
    with scene.database.transaction() as session:
        for _ in range(count):
            ended = {"state": LegState.ENDED, "dialled_at": began, "answered_at": began}
            factories.leg(session, began, ended_at=began + timedelta(minutes=minutes), **ended)


def due_checkin(scene: Scene, number: str | None = None) -> tuple[str, str]:
    """A check-in that is due now: its id and its peer's."""
    now = clock.now()
    with scene.database.transaction() as session:
        given = {"numbers": [number]} if number else {}
        peer = factories.person(session, now=now, **given)
        factories.consent(session, peer, now)
        planned = factories.plan(session, peer, now.replace(tzinfo=None), now)
        return factories.checkin(session, planned, now).id, peer.id


def on_shift(scene: Scene) -> str:
    with scene.database.transaction() as session:
        who = factories.person(session, Role.VOLUNTEER, now=clock.now()).id
    scene.shift(who)
    return who


def arrive(carrier: Carrier) -> str:
    """A new call, as far as its first wait turn: what is said there."""
    first = carrier.ask("/webhooks/voice", SID)
    return carrier.ask(list(first.addresses)[-1].removeprefix(carrier.public_url), SID).said


@pytest.mark.parametrize("cap", [{"spend_calls_day": "2"}, {"spend_minutes_day": "60"}])
def test_a_reached_cap_holds_back_check_ins_and_callers_are_put_through(
    line: Line, scene: Scene, carrier: Carrier, records: Records, cap: dict[str, str]
) -> None:
    set_live(line, **cap)
    checkin_id, _ = due_checkin(scene)
    on_shift(scene)
    placed(scene, 2, minutes=31)
    assert dial_what_is_due(line, records) == []
    with scene.database.transaction() as session:
        assert due_checkins.hold_or_expire(session, line.live, TORONTO, clock.now()) == 0
    held = scene.checkin(checkin_id)
    assert (held.state, held.attempts_used) == (CheckinState.DUE, 0)
    assert held.dial_after > clock.now(), "looked at again later"
    arrive(carrier)
    assert scene.count(Offer) == 1
    assert len(dial_what_is_due(line, records)) == 1


def test_below_the_cap_check_ins_are_made(line: Line, scene: Scene, records: Records) -> None:
    set_live(line, spend_calls_day="3", spend_minutes_day="61")
    due_checkin(scene)
    placed(scene, 2, minutes=30)
    assert len(dial_what_is_due(line, records)) == 1


def test_what_is_held_back_expires_with_a_follow_up(line: Line, scene: Scene) -> None:
    set_live(line, spend_calls_day="1")
    checkin_id, _ = due_checkin(scene)
    placed(scene, 1)
    late = clock.now() + timedelta(seconds=line.live.checkin_grace_seconds + 60)
    placed(scene, 1, at=late)
    with scene.database.transaction() as session:
        due_checkins.hold_or_expire(session, line.live, TORONTO, clock.now())
        due_checkins.hold_or_expire(session, line.live, TORONTO, late)
    assert scene.checkin(checkin_id).state is CheckinState.EXPIRED
    with scene.database.reading() as session:
        [contact] = session.query(Contact).all()
        assert contact.follow_up is FollowUp.WANTED


def test_beyond_the_reserve_a_caller_hears_the_ways_out_at_once(line: Line, scene: Scene, carrier: Carrier) -> None:
    set_live(line, spend_calls_day="4")
    on_shift(scene)
    placed(scene, 5)
    said = arrive(carrier)
    assert "press 1" in said
    assert "press 2" in said
    assert "keep waiting" not in said
    assert scene.count(Offer) == 0


def test_no_cap_touches_who_is_talking(line: Line, scene: Scene, carrier: Carrier) -> None:
    set_live(line, spend_calls_day="1", spend_minutes_day="1")
    call, ringing = scene.talking()
    placed(scene, 9, minutes=9)
    assert carrier.ask(call.at("next"), call.sid).room
    assert "Hangup" not in carrier.ask(call.at("next"), call.sid).verbs
    assert scene.call(call.id).state is CallState.CONNECTED
    assert scene.offer(ringing.offer_id).conversation_ended_at is None


def test_yesterday_does_not_count_and_a_cap_of_nought_is_none(line: Line, scene: Scene) -> None:
    set_live(line, spend_calls_day="1", spend_minutes_day="0")
    placed(scene, 5, minutes=600, at=day_around(clock.now(), TORONTO)[0] - timedelta(seconds=1))
    with scene.database.reading() as session:
        day = spending.today(session, line.live, clock.now())
    assert (day.calls.used, day.level) == (0, Level.FINE)


def test_minutes_of_callers_count_too_and_what_goes_on_counts_so_far(line: Line, scene: Scene) -> None:
    now = day_around(clock.now(), TORONTO)[0] + 2 * HOUR
    placed(scene, 1, minutes=10, at=now - HOUR)
    with scene.database.transaction() as session:
        factories.call(session, now - HOUR, state=CallState.ENDED, ended_at=now - HOUR / 2)
        factories.call(session, now - HOUR / 4)
        factories.call(session, now - HOUR, direction=Direction.OUTBOUND)
    with scene.database.reading() as session:
        assert spending.today(session, line.live, now).minutes.used == pytest.approx(10 + 30 + 15)


def test_one_peer_is_called_so_often_a_day_and_no_more(line: Line, scene: Scene, records: Records) -> None:
    set_live(line, spend_calls_person_day="1")
    checkin_id, peer_id = due_checkin(scene)
    _, other = due_checkin(scene)
    with scene.database.transaction() as session:
        leg_id = factories.leg(session, clock.now(), state=LegState.ENDED).id
        called = {"direction": Direction.OUTBOUND, "state": CallState.ENDED, "leg_id": leg_id}
        factories.call(session, clock.now(), person_id=peer_id, **called)
        number = session.query(PhoneNumber).filter_by(person_id=other).one().number
    assert dial_what_is_due(line, records) == [number]
    assert scene.checkin(checkin_id).state is CheckinState.DUE


def test_one_volunteer_is_rung_so_often_an_hour_then_others_are(line: Line, scene: Scene, carrier: Carrier) -> None:
    set_live(line, spend_calls_volunteer_hour="1")
    tired, fresh = on_shift(scene), on_shift(scene)
    with scene.database.transaction() as session:
        who = session.get_one(Person, tired)
        over = factories.call(session, clock.now() - HOUR / 2, state=CallState.ENDED)
        factories.offer(session, over, who, clock.now() - HOUR / 2, OfferResult.NO_ANSWER)
        before = factories.call(session, clock.now() - 2 * HOUR, state=CallState.ENDED)
        other = session.get_one(Person, fresh)
        factories.offer(session, before, other, clock.now() - 2 * HOUR, OfferResult.NO_ANSWER)
    arrive(carrier)
    with scene.database.reading() as session:
        open_offers = session.query(Offer).filter(Offer.result.is_(None)).all()
        assert [one.volunteer_id for one in open_offers] == [fresh]


def test_a_peer_in_another_country_is_never_rung(line: Line, scene: Scene, records: Records) -> None:
    set_live(line)
    checkin_id, _ = due_checkin(scene, PARIS)
    assert dial_what_is_due(line, records) == []
    checkin = scene.checkin(checkin_id)
    assert (checkin.state, checkin.attempts_used) == (CheckinState.WAITING, 1)
    with scene.database.reading() as session:
        [attempt] = session.query(Attempt).all()
        assert attempt.result is AttemptResult.FAILED
    set_live(line, countries="CA,US,FR")
    scene.change(Checkin, checkin_id, dial_after=clock.now(), attempt_due_at=clock.now())
    assert dial_what_is_due(line, records) == [PARIS]


def test_a_volunteer_in_another_country_is_never_rung(line: Line, scene: Scene, records: Records) -> None:
    set_live(line)
    who = scene.ringing(scene.waiting_call(), state=LegState.PENDING, carrier_sid=None, dialled_at=None)
    with scene.database.transaction() as session:
        session.query(Leg).update({Leg.number: PARIS})
        session.query(PhoneNumber).filter_by(person_id=who.volunteer_id).update({PhoneNumber.number: PARIS})
    assert dial_what_is_due(line, records) == []
    assert scene.offer(who.offer_id).result is OfferResult.FAILED


def test_each_level_of_a_cap_is_one_alarm_a_day(line: Line, scene: Scene) -> None:
    set_live(line, spend_calls_day="10")
    assert look(line) == []
    placed(scene, 8)
    assert [one.level for one in look(line)] == [Level.NEARLY]
    assert look(line) == []
    placed(scene, 2)
    assert [one.level for one in look(line)] == [Level.REACHED]
    with scene.database.reading() as session:
        assert [alarm.kind for alarm in session.query(Alarm)] == [AlarmKind.SPENDING] * 2
