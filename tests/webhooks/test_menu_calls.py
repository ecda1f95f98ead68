"""Key 3 of the volunteers' own menu: the next one on the check-in list is rung, and joined after their key 1."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from phoneline import checkins, clock, exports, legs, live_settings, people, progress, team
from phoneline.live_settings import LiveSettings
from phoneline.models import Apart, Attempt, Call, Checkin, CheckinPlan, Contact, Leg, Offer, Person
from phoneline.prompts import catalogue
from phoneline.states import (
    AttemptResult,
    CallState,
    CheckinState,
    LegPurpose,
    LegState,
    SettledBy,
)
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.check_in_list import ANY_HOUR, Lists, at_any_hour
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once

WORDS = catalogue("en")


@pytest.fixture
def lists(scene: Scene, carrier: Carrier) -> Lists:
    at_any_hour(scene)
    return Lists(scene, carrier)


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


@pytest.fixture
def phone(lists: Lists, carrier: Carrier, noor: Member) -> AtThePhone:
    return inside(lists.scene, carrier, noor)


def test_after_the_list_1_rings_the_first_and_9_goes_on(lists: Lists, phone: AtThePhone, noor: Member) -> None:
    later, first = lists.peer(noor, "Sam", due=0.0002), lists.peer(noor, "Mika")
    said = phone.press("3")
    assert said.said.endswith("To call Mika, press 1. For the next one, press 9.")
    assert f"/call/{first}/1" in said.text
    following = phone.page(f"call/{first}/1", "9")
    assert following.said.startswith("Sam, ")
    assert following.said.endswith("To call Sam, press 1.")
    assert f"/call/{later}/1" in following.text
    assert WORDS["menu_call_over"] in phone.page(f"call/{later}/1", "9").said
    assert phone.page(f"call/{first}/1", "5").said.startswith("Mika, "), "a wrong key hears it once more"
    assert phone.page(f"call/{first}/2", "5").verbs == ["Redirect"]


def test_joined_only_after_key_1_and_written_down_as_a_conversation(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    checkin_id = lists.peer(noor)
    rung = lists.rings(phone, checkin_id)
    asked = rung.peer("who/1")
    assert "good moment for Mika?" in asked.said
    assert not any(word in asked.said for word in ("Secret", "check-in", "line", noor.name))
    assert rung.volunteer("ringing/2").room is None
    assert "/ringing/" in rung.volunteer("list").text, "not back in the list before it is over"
    assert lists.of(checkin_id) == (CheckinState.CALLING, [None], 0)
    joined = rung.peer("who-key/1", "1")
    assert joined.room is not None
    assert rung.volunteer("ringing/3").room == rung.volunteer("list").room == joined.room
    assert lists.of(checkin_id)[:2] == (CheckinState.CALLING, [AttemptResult.TALK])

    rung.leg("status", CallStatus="completed")
    assert WORDS["outcome"] in rung.volunteer("stepped-out").said
    over = rung.volunteer("outcome-key/1", "3")
    assert over.verbs == ["Redirect"]
    thanks = rung.volunteer("list")
    assert thanks.said == WORDS["menu_outcome_thanks"]
    assert lists.of(checkin_id)[:2] == (CheckinState.TALKED, [AttemptResult.TALK])
    assert scene.checkin(checkin_id).settled_by is SettledBy.VOLUNTEER
    assert f"/menu/{phone.call.token}/next" in thanks.text
    assert phone.page("next").said == WORDS["menu_call_nobody"]
    assert phone.state is CallState.MENU

    with scene.database.reading() as session:
        contact = session.scalars(select(Contact).where(Contact.call_id == rung.call.id)).one()
        row = session.get_one(Call, rung.call.id)
    assert (contact.kind, contact.volunteer_id, contact.outcome, contact.follow_up) == (
        *("checkin", noor.id, "urgent", "urgent"),
    )
    (exported,) = (
        one for one in exports.read(scene.database, exports.EXPORTS["calls"], None, None) if one["id"] == row.id
    )
    assert (exported["direction"], exported["outcome"], exported["volunteer_id"]) == ("outbound", "connected", noor.id)
    assert [one["result"] for one in exported["offers"]] == ["accepted"]
    assert phone.hang_up() == "information"


@pytest.mark.parametrize(
    ("key", "end", "result", "said"),
    [
        ("", "no-answer", "no_answer", "menu_call_unreached"),
        ("", "busy", "busy", "menu_call_unreached"),
        ("", "completed", "no_key", "menu_call_unreached"),
        ("", "machine", "machine", "menu_call_unreached"),
        ("3", "completed", "later", "menu_call_later"),
        ("9", "completed", "stop", "menu_call_stopped"),
    ],
)
def test_who_is_not_joined_is_told_kindly_and_the_next_one_follows(  # noqa: PLR0913 - what happens, and what is said
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member, *, key: str, end: str, result: str, said: str
) -> None:
    checkin_id, _ = lists.peer(noor), lists.peer(noor, "Sam")
    rung = lists.rings(phone, checkin_id)
    if key:
        heard = rung.peer("who-key/1", key)
        assert heard.said == WORDS["checkin_later" if key == "3" else "checkin_stop"]
        assert rung.peer("who-key/1", "1").text == heard.text, "the first key holds"
    if end == "machine":
        rung.leg("machine", AnsweredBy="machine_start")
    rung.leg("status", CallStatus=end if end != "machine" else "completed")
    assert rung.volunteer("stepped-out").verbs == ["Redirect"], "nothing is asked"
    assert rung.volunteer("list").said == WORDS[said]
    again = scene.settled()
    assert rung.volunteer("list").said == WORDS[said]
    assert scene.settled() == again
    following = phone.page("next").said
    assert following.startswith("Sam, ")
    assert WORDS["menu_call_other"] not in following, "not the same one at once"
    state, results, used = lists.of(checkin_id)
    assert results == [AttemptResult(result)]
    assert (state, used) == (("stopped", 0) if key == "9" else ("waiting", 1))
    wait = scene.checkin(checkin_id).attempt_due_at - clock.now()
    if key != "9":
        assert wait > timedelta(seconds=3000 if key == "3" else 500), "rung again after its time, not at once"
    assert scene.call(rung.call.id).outcome is None
    with scene.database.reading() as session:
        assert team.busy(session, [noor.id], clock.now()), "while they are on the line nobody else rings them"
    assert "Sam" in lists.rings(phone, next_id(scene)).peer("who/1").said
    phone.hang_up()
    with scene.database.reading() as session:
        assert not team.busy(session, [noor.id], clock.now())


def next_id(scene: Scene) -> str:
    with scene.database.reading() as session:
        return session.scalars(select(Checkin.id).where(Checkin.state == CheckinState.DUE)).one()


def test_who_said_stop_is_on_no_list_until_they_agree_again(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    checkin_id = lists.peer(noor)
    with scene.database.transaction() as session:
        plan = session.get_one(CheckinPlan, session.get_one(Checkin, checkin_id).plan_id)
        person_id = plan.person_id
        planned = factories.checkin(session, plan, clock.now() + timedelta(seconds=1)).id
    lists.rings(phone, checkin_id).peer("who-key/1", "9")
    assert scene.checkin(planned).state is CheckinState.SKIPPED
    scene.change(Checkin, planned, state=CheckinState.DUE)
    phone.hang_up()
    assert inside(scene, lists.carrier, noor).press("3").said == WORDS["menu_no_checkins"]
    with scene.database.transaction() as session:
        people.give_consent(session, person_id, "a coordinator", clock.now())
    assert "Mika" in inside(scene, lists.carrier, noor).press("3").said


def test_who_hangs_up_while_it_rings_ends_the_ringing(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    checkin_id = lists.peer(noor)
    rung = lists.rings(phone, checkin_id)
    phone.hang_up()
    with scene.database.reading() as session:
        assert session.scalars(select(Leg.end_wanted_at).where(Leg.token == rung.leg_token)).one() is not None
    rung.leg("status", CallStatus="canceled")
    assert lists.of(checkin_id) == (CheckinState.WAITING, [AttemptResult.CANCELLED], 1)
    assert scene.call(rung.call.id).state is CallState.ENDED


def test_who_hangs_up_before_it_was_dialled_leaves_nothing_behind(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    checkin_id = lists.peer(noor)
    phone.page(f"call/{checkin_id}/1", "1")
    phone.hang_up()
    assert lists.of(checkin_id) == (CheckinState.WAITING, [AttemptResult.CANCELLED], 0)
    assert "Mika" in inside(scene, lists.carrier, noor).press("3").said, "it was no attempt: at once on the list again"
    with scene.database.reading() as session:
        assert not session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).all()
        assert not session.scalars(select(Call).where(Call.state == CallState.RINGING)).all()


def test_a_peer_who_comes_when_the_volunteer_is_gone_waits_for_another(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    checkin_id = lists.peer(noor)
    scene.volunteer()
    rung = lists.rings(phone, checkin_id)
    rung.leg("answered")
    phone.hang_up()
    assert rung.peer("who-key/1", "1").leads_on
    assert scene.call(rung.call.id).state is CallState.WAITING
    rung.leg("status", CallStatus="completed")
    assert lists.of(checkin_id)[:2] == (CheckinState.WAITING, [AttemptResult.TALK])
    assert [one[1:] for one in scene.contacts(rung.call)] == [("none", "urgent")]


def test_the_carrier_away_uses_up_no_attempt(lists: Lists, scene: Scene, phone: AtThePhone, noor: Member) -> None:
    checkin_id = lists.peer(noor)
    phone.page(f"call/{checkin_id}/1", "1")
    with scene.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).one()
        legs.begin_dialling(leg, clock.now())
        progress.not_reached(session, leg, LiveSettings(), clock.now())
    assert lists.of(checkin_id) == (CheckinState.WAITING, [AttemptResult.FAILED], 0)


def test_key_1_again_rings_nobody_twice(lists: Lists, scene: Scene, phone: AtThePhone, noor: Member) -> None:
    checkin_id, other = lists.peer(noor), lists.peer(noor, "Sam")
    said = {one.text for one in at_once([partial(phone.page, f"call/{checkin_id}/1", "1")] * 4)}
    assert len(said) == 1
    assert phone.page(f"call/{other}/1", "1").text in said, "one call at a time"
    assert scene.count(Attempt) == scene.count(Offer) == 1


def test_of_two_volunteers_one_has_the_check_in(lists: Lists, scene: Scene, noor: Member) -> None:
    """They can't share a plan; but a volunteer may call the line from two telephones."""
    checkin_id = lists.peer(noor)
    phones = [inside(scene, lists.carrier, noor) for _ in range(3)]
    said = [one.said for one in at_once([partial(one.page, f"call/{checkin_id}/1", "1") for one in phones])]
    assert sorted(said) == sorted([WORDS["callback_ringing"], *[WORDS["menu_call_not_now"]] * 2])
    assert scene.count(Attempt) == scene.count(Offer) == 1


def not_ready(scene: Scene, noor: str, _peer: str) -> None:
    scene.change(Person, noor, ready=False)


def kept_apart(scene: Scene, noor: str, peer: str) -> None:
    with scene.database.transaction() as session:
        session.add(Apart(person_id=peer, other_id=noor, strict=True))


def quiet_hours(scene: Scene, _noor: str, _peer: str) -> None:
    local = clock.now().astimezone(factories.TORONTO)
    around = "-".join(f"{local + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
    with scene.database.transaction() as session:
        for key in ANY_HOUR:
            live_settings.write(session, key, around, clock.now())


def on_the_phone(scene: Scene, _noor: str, peer: str) -> None:
    scene.waiting_call(person_id=peer)


def capped(scene: Scene, _noor: str, _peer: str) -> None:
    with scene.database.transaction() as session:
        live_settings.write(session, "spend_calls_day", "1", clock.now())
        factories.leg(session, clock.now(), state=LegState.ENDED, dialled_at=clock.now())


def rung_elsewhere(scene: Scene, noor: str, _peer: str) -> None:
    with scene.database.transaction() as session:
        call = factories.call(session, clock.now())
        factories.offer(session, call, session.get_one(Person, noor), clock.now())


@pytest.mark.parametrize("why", [not_ready, kept_apart, quiet_hours, on_the_phone, capped, rung_elsewhere])
def test_nobody_is_rung_who_must_not_be(
    lists: Lists, scene: Scene, noor: Member, why: Callable[[Scene, str, str], None]
) -> None:
    checkin_id = lists.peer(noor)
    why(scene, noor.id, scene.checkin(checkin_id).person_id)
    phone = inside(scene, lists.carrier, noor)
    heard = phone.press("3").said
    assert ("To call" in heard) == (why is rung_elsewhere)
    assert ("Mika" in heard) == (why is not kept_apart)
    assert phone.page(f"call/{checkin_id}/1", "1").said in {"", WORDS["menu_call_not_now"]}
    assert phone.page("call/nobodys/1", "1").said in {"", WORDS["menu_call_not_now"]}
    assert scene.count(Attempt) == 0
    assert lists.of(checkin_id)[0] is CheckinState.DUE


def test_who_rings_the_line_meanwhile_needs_no_call(
    lists: Lists, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    """They talk with somebody: what still waits to be dialled is withdrawn, and the volunteer is told."""
    checkin_id = lists.peer(noor)
    phone.page(f"call/{checkin_id}/1", "1")
    call, ringing = scene.talking(person_id=scene.checkin(checkin_id).person_id)
    lists.carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    lists.carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits="1")
    lists.carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert lists.of(checkin_id)[:2] == (CheckinState.TALKED, [AttemptResult.CANCELLED])
    with scene.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.CHECKIN)).one()
        assert leg.state is LegState.PENDING
        assert not checkins.still_rung_for(session, progress.call_of(session, leg))
        progress.withdrawn(session, leg, LiveSettings(), clock.now())
    with scene.database.reading() as session:
        assert session.scalars(select(Offer).where(Offer.volunteer_id == noor.id)).one().conversation_ended_at
