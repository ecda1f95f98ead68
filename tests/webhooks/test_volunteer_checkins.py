"""Check-ins by volunteers: the line rings the usual one when it's time, else who is on shift, and then the peer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from phoneline import checkins, clock, legs, occasions, offers, pauses, volunteer_checkins
from phoneline.models import Apart, Attempt, Call, Checkin, CheckinTry, Contact, Leg, Offer, Person
from phoneline.prompts import catalogue
from phoneline.quiet_hours import window
from phoneline.states import AttemptResult, CallState, CheckinState, LegEnd, LegPurpose, OfferResult, SettledBy
from tests.webhooks.carrier import Carrier
from tests.webhooks.check_in_list import DueCalls, at_any_hour
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once

WORDS = catalogue("en")
HOUR = 3600


@pytest.fixture
def due(scene: Scene, carrier: Carrier) -> DueCalls:
    at_any_hour(scene)
    return DueCalls(scene, carrier)


@pytest.fixture
def noor(scene: Scene) -> Member:
    """The usual volunteer, on no shift."""
    return volunteer(scene)


def ravi(scene: Scene) -> Member:
    """Somebody on shift."""
    who = volunteer(scene, name="Ravi Example")
    scene.shift(who.id)
    return who


def test_the_usual_volunteer_is_rung_first_then_the_peer_and_joined_after_key_1(
    due: DueCalls, scene: Scene, noor: Member
) -> None:
    ravi(scene)
    checkin_id = due.peer(noor, topics="her garden")
    (ringing,) = due.rung()
    assert ringing.volunteer_id == noor.id
    heard = due.offered(ringing)
    assert "time to call Mika" in heard
    assert not any(word in heard for word in ("Secret", "garden")), "somebody else may have picked up"
    assert due.of(checkin_id) == (CheckinState.DUE, [], 0), "nobody has rung the peer"
    assert due.key(ringing, "1").said == "Mika wanted you to know: her garden."
    assert scene.count(Attempt) == 0, "first they hear what the peer shares"
    assert due.carrier.ask(ringing.at("ringing/1"), ringing.sid).said == WORDS["callback_ringing"]
    rung = due.peer_rung(ringing)
    assert WORDS["callback_still_ringing"] in rung.volunteer("ringing/3").said
    assert "Noor" not in rung.peer("who/1").said
    joined = rung.peer("who-key/1", "1")
    assert joined.said == "Noor is here for you."
    assert rung.peer("who-key/1", "1").text == joined.text
    assert rung.volunteer("ringing/2").room == joined.room is not None
    assert scene.count(Attempt) == 1

    rung.leg("status", CallStatus="completed")
    assert WORDS["outcome"] in rung.volunteer("stepped-out").said
    rung.volunteer("outcome-key/1", "3")
    assert due.of(checkin_id)[0] is CheckinState.CALLING, "their word may still change"
    due.gone(ringing)
    assert due.of(checkin_id) == (CheckinState.TALKED, [AttemptResult.TALK], 0)
    assert scene.checkin(checkin_id).settled_by is SettledBy.VOLUNTEER
    assert scene.contacts(rung.call) == [("checkin", "urgent", "urgent")]
    assert due.rung(HOUR) == []
    assert not live_tries(scene)


def live_tries(scene: Scene) -> list[CheckinTry]:
    with scene.database.reading() as session:
        return list(session.scalars(select(CheckinTry).where(CheckinTry.over_at.is_(None))))


@pytest.mark.parametrize("how", ["2", "9", "no-answer", "completed"])
def test_a_stand_in_is_rung_after_them_and_announced(due: DueCalls, scene: Scene, noor: Member, how: str) -> None:
    other = ravi(scene)
    due.peer(noor)
    (ringing,) = due.rung()
    if how in {"2", "9"}:
        due.offered(ringing)
        due.key(ringing, how)
    due.gone(ringing, how if len(how) > 1 else "completed")
    (second,) = due.rung()
    assert second.volunteer_id == other.id
    assert "Noor can't call Mika" in due.offered(second)
    due.key(second, "1")
    rung = due.peer_rung(second)
    assert rung.peer("who-key/1", "1").said == "Noor can't call you this time. Ravi is here for you."
    assert scene.count(Attempt) == 1


def on_a_break(due: DueCalls, noor: str, _peer: str) -> None:
    with due.scene.database.transaction() as session:
        pauses.take_break(session, noor, clock.now() + timedelta(hours=9), clock.now())


def not_ready(due: DueCalls, noor: str, _peer: str) -> None:
    due.scene.change(Person, noor, ready=False)


def at_night(due: DueCalls, noor: str, _peer: str) -> None:
    """For the volunteer, who lives elsewhere."""
    due.scene.change(Person, noor, timezone="Asia/Tokyo")
    local = clock.now().astimezone(ZoneInfo("Asia/Tokyo"))
    around = window("-".join(f"{local + timedelta(hours=hours):%H:%M}" for hours in (-1, 1)))
    due.live = replace(due.live, quiet_weekday=around, quiet_weekend=around)


def kept_apart(due: DueCalls, noor: str, peer: str) -> None:
    with due.scene.database.transaction() as session:
        session.add(Apart(person_id=peer, other_id=noor, strict=True))


def talking(due: DueCalls, noor: str, _peer: str) -> None:
    due.scene.waiting_call(person_id=noor, state=CallState.MENU)


@pytest.mark.parametrize("why", [on_a_break, not_ready, at_night, kept_apart, talking])
def test_who_must_not_be_rung_isnt_and_a_stand_in_is(
    due: DueCalls, scene: Scene, noor: Member, why: Callable[[DueCalls, str, str], None]
) -> None:
    checkin_id = due.peer(noor)
    why(due, noor.id, scene.checkin(checkin_id).person_id)
    assert due.rung() == []
    other = ravi(scene)
    assert [one.volunteer_id for one in due.rung(6)] == [other.id]


def test_where_nobody_is_free_it_stays_on_the_list_of_the_shift(
    due: DueCalls, scene: Scene, carrier: Carrier, noor: Member
) -> None:
    on_a_break(due, noor.id, "")
    checkin_id = due.peer(noor, due=-0.01)
    due.peer(None, "Sam")
    assert due.rung() == []
    other = ravi(scene)
    scene.waiting_call(person_id=other.id, state=CallState.MENU)
    assert due.rung(6) == [], "on the telephone"
    phone = inside(scene, carrier, other)
    said = phone.press("3").said
    assert WORDS["menu_checkins_shift"] in said
    assert "Mika, in place of Noor, " in said
    assert "Sam, " in said
    rung = due.rings(phone, checkin_id)
    assert rung.peer("who-key/1", "1").said == "Noor can't call you this time. Ravi is here for you."
    rung.leg("status", CallStatus="completed")
    rung.volunteer("outcome-key/1", "1")
    rung.volunteer("list")
    assert due.of(checkin_id)[:2] == (CheckinState.TALKED, [AttemptResult.TALK])
    assert scene.checkin(checkin_id).settled_by is SettledBy.VOLUNTEER
    assert "Sam" in phone.page("next").said
    assert "Also" not in inside(scene, carrier, noor).press("3").said, "who is off shift hears of their own only"


def test_what_nobody_made_in_time_expires_and_is_a_task(due: DueCalls, scene: Scene, noor: Member) -> None:
    checkin_id = due.peer(noor, purpose="safety")
    (ringing,) = due.rung()
    due.gone(ringing, "no-answer")
    assert due.rung(300) == [], "not at once"
    (again,) = due.rung(320)
    assert again.volunteer_id == noor.id
    due.offered(again)
    due.key(again, "2")
    due.gone(again)
    assert due.rung(700) == [], "who passed isn't asked again"
    other = ravi(scene)
    assert [one.volunteer_id for one in due.rung()] == [other.id], "somebody is free by now"
    scene.end_legs()
    due.look(HOUR)
    due.look()
    assert due.of(checkin_id) == (CheckinState.EXPIRED, [], 0)
    assert live_tries(scene) == []
    with scene.database.reading() as session:
        contact = session.scalars(select(Contact).where(Contact.checkin_id == checkin_id)).one()
    assert contact.follow_up == "urgent"


@pytest.mark.parametrize(
    ("key", "end", "result", "said"),
    [
        ("", "no-answer", "no_answer", "menu_call_unreached"),
        ("", "machine", "machine", "menu_call_unreached"),
        ("3", "completed", "later", "menu_call_later"),
        ("9", "completed", "stop", "menu_call_stopped"),
    ],
)
def test_who_is_not_joined_is_called_again_in_time_on_their_other_number(
    due: DueCalls, scene: Scene, noor: Member, *, key: str, end: str, result: str, said: str
) -> None:
    checkin_id = due.peer(noor, numbers=["+14165550188", "+14165550189"], retry_seconds=900)
    (ringing,) = due.rung()
    rung = due.taken(ringing)
    assert rung.call.number == "+14165550188"
    if key:
        rung.peer("who-key/1", key)
    if end == "machine":
        rung.leg("machine", AnsweredBy="machine_start")
    rung.leg("status", CallStatus=end if end != "machine" else "completed")
    assert rung.volunteer("ringing/2").said == f"{WORDS[said]} {WORDS['outcome_thanks']}"
    due.gone(ringing)
    state, results, used = due.of(checkin_id)
    assert (results, state is CheckinState.STOPPED) == ([AttemptResult(result)], key == "9")
    assert used == (key != "9")
    wait = {"": 900, "3": HOUR, "9": HOUR}[key]
    assert due.rung(wait - 60) == []
    again = due.rung(62)
    assert len(again) == (key != "9")
    if again:
        assert due.taken(again[0]).call.number == "+14165550189"
    assert live_tries(scene) == [] or key != "9"


@pytest.mark.parametrize(("attempts", "said"), [(1, "callback_later"), (2, "checkin_later")])
def test_whoever_says_later_on_the_last_attempt_is_promised_nothing(
    due: DueCalls, noor: Member, attempts: int, said: str
) -> None:
    due.peer(noor, attempts=attempts)
    (ringing,) = due.rung()
    assert due.taken(ringing).peer("who-key/1", "3").said == WORDS[said]


def test_a_wrong_number_is_nobody_they_talked_with(due: DueCalls, scene: Scene, noor: Member) -> None:
    checkin_id = due.peer(noor)
    (ringing,) = due.rung()
    rung = due.taken(ringing)
    rung.peer("who-key/1", "1")
    rung.leg("status", CallStatus="completed")
    rung.volunteer("outcome-key/1", "4")
    due.gone(ringing)
    assert due.of(checkin_id)[0] is CheckinState.UNREACHED
    assert scene.contacts(rung.call) == [("checkin", "wrong_number", "wanted")]
    assert due.rung(HOUR) == []


def test_callers_have_whoever_is_on_shift_first(due: DueCalls, scene: Scene, noor: Member) -> None:
    on_a_break(due, noor.id, "")
    due.peer(noor)
    other = ravi(scene)
    call = scene.waiting_call()
    assert due.rung() == []
    scene.change(Call, call.id, state=CallState.ENDED)
    (ringing,) = due.rung(6)
    assert ringing.volunteer_id == other.id
    with scene.database.reading() as session:
        leg = session.scalars(select(Leg).where(Leg.token == ringing.token)).one()
        assert leg.priority == legs.priority(LegPurpose.CHECKIN)


def test_who_calls_in_meanwhile_is_rung_by_nobody(due: DueCalls, scene: Scene, carrier: Carrier, noor: Member) -> None:
    checkin_id = due.peer(noor)
    (ringing,) = due.rung()
    call, theirs = scene.talking(person_id=scene.checkin(checkin_id).person_id)
    due.look()
    assert scene.offer(ringing.offer_id).result is OfferResult.CANCELLED, "they are on the telephone"
    assert due.offered(ringing) == WORDS["offer_checkin_over"]
    due.gone(ringing)
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    carrier.ask(theirs.leg("status"), theirs.sid, CallStatus="completed")
    assert due.of(checkin_id) == (CheckinState.TALKED, [], 0)
    assert scene.checkin(checkin_id).settled_by is SettledBy.INBOUND_CALL
    assert due.rung(HOUR) == []


def test_who_is_settled_as_the_volunteer_presses_1_is_not_rung(due: DueCalls, scene: Scene, noor: Member) -> None:
    checkin_id = due.peer(noor)
    (ringing,) = due.rung()
    scene.change(Checkin, checkin_id, state=CheckinState.TALKED)
    said = due.key(ringing, "1")
    assert said.said == f"{WORDS['menu_call_not_now']} {WORDS['outcome_thanks']}"
    assert due.key(ringing, "1").leads_on
    due.gone(ringing)
    assert scene.count(Attempt) == 0
    assert live_tries(scene) == []


@pytest.mark.parametrize("topics", [None, "her garden"])
def test_a_volunteer_who_hangs_up_before_it_was_dialled_leaves_nothing_behind(
    due: DueCalls, scene: Scene, noor: Member, topics: str | None
) -> None:
    checkin_id = due.peer(noor, topics=topics)
    (ringing,) = due.rung()
    due.key(ringing, "1")
    due.gone(ringing)
    assert due.of(checkin_id)[2] == 0, "no attempt is used up"
    assert live_tries(scene) == []
    assert due.rung(20) == [], "they were rung for it just now"
    ravi(scene)
    assert len(due.rung(6)) == 1
    with scene.database.reading() as session:
        assert not session.scalars(select(Call).where(Call.state == CallState.RINGING)).all()


def test_a_conversation_whose_last_word_was_lost_counts(due: DueCalls, scene: Scene, noor: Member) -> None:
    """A process died before it could write down what came of it: the clock does."""
    checkin_id = due.peer(noor)
    (ringing,) = due.rung()
    rung = due.taken(ringing)
    rung.peer("who-key/1", "1")
    rung.leg("status", CallStatus="completed")
    due.look()
    assert due.of(checkin_id)[0] is CheckinState.CALLING
    with scene.database.transaction() as session:
        legs.close(session.scalars(select(Leg).where(Leg.token == ringing.token)).one(), LegEnd.COMPLETED, clock.now())
    due.look()
    assert due.of(checkin_id)[0] is CheckinState.TALKED
    assert live_tries(scene) == []


def test_however_many_clocks_and_lists_there_are_one_volunteer_makes_it(
    due: DueCalls, scene: Scene, carrier: Carrier, noor: Member
) -> None:
    checkin_id = due.peer(noor)
    others = [ravi(scene), volunteer(scene, name="Ana Example")]
    scene.shift(others[1].id)
    phones = [inside(scene, carrier, one) for one in (noor, *others)]

    def press(phone: AtThePhone) -> None:
        phone.page(f"call/{checkin_id}/1", "1")

    at_once([partial(due.look, 0), partial(due.look, 0), *[partial(press, phone) for phone in phones]])
    due.look()
    assert len(live_tries(scene)) == 1
    with scene.database.reading() as session:
        taken = session.scalars(select(Offer).where(Offer.result == OfferResult.ACCEPTED)).all()
        assert len(taken) == scene.count(Attempt) == 1
        assert not session.scalars(select(Offer).where(Offer.result.is_(None))).all()


def test_a_click_begins_it_before_its_time_and_not_twice(due: DueCalls, scene: Scene, noor: Member) -> None:
    checkin_id = due.peer(noor, due=3)

    def begin() -> bool:
        with scene.database.transaction() as session:
            return volunteer_checkins.begin(session, checkins.locked(session, checkin_id), due.live, clock.now())

    assert (begin(), begin()) == (True, False)
    assert scene.checkin(checkin_id).attempt_due_at <= clock.now()
    rung = due.taken(due.rung()[0])
    assert "Mika" in rung.peer("who/1").said
    assert not begin()


def test_what_is_moved_to_later_while_somebody_is_asked_waits_until_then(
    due: DueCalls, scene: Scene, noor: Member
) -> None:
    checkin_id = due.peer(noor)
    (ringing,) = due.rung()
    with scene.database.transaction() as session:
        assert occasions.move(session, checkin_id, clock.now() + timedelta(minutes=20))
    assert due.rung() == []
    assert scene.offer(ringing.offer_id).result is OfferResult.CANCELLED
    due.gone(ringing)
    assert due.rung(600) == []
    assert [one.volunteer_id for one in due.rung(660)] == [noor.id]


def test_while_the_usual_volunteer_is_asked_it_is_on_nobody_elses_list(
    due: DueCalls, scene: Scene, carrier: Carrier, noor: Member
) -> None:
    due.peer(noor)
    other = ravi(scene)
    (ringing,) = due.rung()

    def still_wanted() -> bool:
        """When its turn to be dialled comes."""
        with scene.database.reading() as session:
            return offers.still_wanted(session, session.get_one(Offer, ringing.offer_id), clock.now())

    assert still_wanted(), "though off shift"
    assert inside(scene, carrier, other).press("3").said == WORDS["menu_no_checkins"]
    on_a_break(due, noor.id, "")
    assert not still_wanted()
