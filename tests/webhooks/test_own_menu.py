"""The keys of the volunteers' own menu."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from phoneline import clock, own_shifts, pauses
from phoneline.models import Call, Contact, Offer, RosterChange, ShiftHours
from phoneline.prompts import catalogue
from phoneline.states import CallState, PlanKind, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once
from tests.words import heard

WORDS = catalogue("en")


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


@pytest.fixture
def phone(scene: Scene, carrier: Carrier, noor: Member) -> AtThePhone:
    return inside(scene, carrier, noor)


def hours(scene: Scene, who: Member) -> list[ShiftHours]:
    with scene.database.reading() as session:
        return list(session.scalars(select(ShiftHours).where(ShiftHours.person_id == who.id)))


def test_1_goes_on_shift_for_two_hours_and_9_off_again(scene: Scene, phone: AtThePhone, noor: Member) -> None:
    said = phone.press("1").said
    assert "You are on shift until" in said
    assert WORDS["menu_go_off"] in said
    assert scene.on_shift() == {noor.id}
    (mine,) = hours(scene, noor)
    assert timedelta(hours=2) <= mine.ends_at - mine.starts_at < timedelta(hours=2, minutes=15)
    assert (mine.ends_at.minute % 15, mine.ends_at.second, mine.ends_at.microsecond) == (0, 0, 0)
    for _ in range(2):
        assert WORDS["menu_off"] in phone.press("9").said
    assert scene.on_shift() == set()
    with scene.database.reading() as session:
        changes = session.scalars(select(RosterChange).order_by(RosterChange.at)).all()
        assert [(one.act.value, one.hours_id, one.by_person_id) for one in changes] == [
            *(("on", mine.id, noor.id), ("off", mine.id, noor.id)),
        ]


def test_1_twice_or_from_two_telephones_is_one_stretch(
    scene: Scene, carrier: Carrier, phone: AtThePhone, noor: Member
) -> None:
    other = inside(scene, carrier, noor)
    said = {one.said for one in at_once([partial(each.press, "1") for each in (phone, other, phone, other)])}
    assert len(said) == 1
    assert len(hours(scene, noor)) == 1


@pytest.mark.parametrize("hours_left", [5, 0.2])
def test_back_from_9_a_planned_shift_that_is_worth_while_goes_on_to_its_end(
    scene: Scene, phone: AtThePhone, noor: Member, hours_left: float
) -> None:
    scene.shift(volunteer(scene, name="Other Example").id, hours=7)
    scene.shift(noor.id, hours=hours_left)
    (planned,) = hours(scene, noor)
    scene.change(ShiftHours, planned.id, tier=2)
    phone.press("9")
    phone.press("1")
    assert noor.id in scene.on_shift()
    (again,) = (one for one in hours(scene, noor) if one.id != planned.id)
    if hours_left == 5:
        assert (again.ends_at, again.tier) == (planned.ends_at, 2)
    else:
        assert again.ends_at - again.starts_at >= timedelta(hours=2), "minutes before its end they begin anew"


def untimed(said: str) -> str:
    """A minute may be over between two presses."""
    return re.sub(r"until .+?\. ", "until then. ", said, count=1)


def test_6_is_an_hours_break_and_1_ends_it(scene: Scene, phone: AtThePhone, noor: Member) -> None:
    phone.press("1")
    first = phone.press("6").said
    assert "You are on a break until" in first
    assert WORDS["menu_come_back"] in first
    assert WORDS["menu_go_off"] in first
    assert untimed(phone.press("6").said) == untimed(first)
    assert scene.on_shift() == set()
    assert "You are on shift until" in phone.press("1").said
    assert scene.on_shift() == {noor.id}
    with scene.database.transaction() as session:
        assert pauses.current(session, noor.id, clock.now()) is None
        pauses.for_misses(session, noor.id, clock.now())
    paused = phone.page("top/1").said
    assert paused.startswith(WORDS["menu_paused"])
    assert WORDS["menu_come_back"] in paused
    assert untimed(phone.press("6").said) == untimed(first), "a break of their own instead"
    assert WORDS["menu_go_on"] in phone.press("9").said, "off, though on a break"


def test_6_off_shift_begins_no_break(scene: Scene, phone: AtThePhone, noor: Member) -> None:
    assert WORDS["menu_off"] in phone.press("6").said
    with scene.database.reading() as session:
        assert pauses.current(session, noor.id, clock.now()) is None


def test_who_is_not_ready_looks_at_shifts_and_is_not_put_on(scene: Scene, carrier: Carrier) -> None:
    newcomer = volunteer(scene, ready=False)
    phone = inside(scene, carrier, newcomer)
    said = phone.press("1").said
    assert said.startswith(WORDS["menu_not_ready"])
    assert WORDS["menu_go_on"] not in said
    assert hours(scene, newcomer) == []
    assert WORDS["menu_no_shifts"] in phone.press("2").said


def test_3_reads_whom_to_call_today_by_first_name(scene: Scene, phone: AtThePhone, noor: Member) -> None:
    now = clock.now()
    with scene.database.transaction() as session:
        mine, other = (factories.person(session, now=now, name=f"{name} Secret") for name in ("Mika", "Sam"))
        for peer, usual in ((mine, noor.id), (other, None)):
            local = now.replace(tzinfo=None)
            plan = factories.plan(session, peer, local, now, kind=PlanKind.VOLUNTEER, volunteer_id=usual)
            factories.checkin(session, plan, now)
            factories.checkin(session, plan, now + timedelta(days=2))
    said = phone.press("3").said
    assert said.startswith(f"{WORDS['menu_checkins_today']} Mika, today at")
    assert said.count("Mika, today at") == 1
    assert "Sam" not in said
    assert "Secret" not in said


def test_nobody_to_call_is_said(phone: AtThePhone) -> None:
    assert phone.press("3").said == WORDS["menu_no_checkins"]


def test_a_wrong_key_hears_it_once_more_then_a_kind_end(phone: AtThePhone) -> None:
    menu = phone.page("top/1").said
    assert phone.page("key/1", "5").said == f"{menu} {WORDS['menu_goodbye']}"
    assert phone.page("key/2", "5").said == WORDS["menu_goodbye"]
    assert phone.page("key/2", "*").said == menu
    assert phone.press("#").said == WORDS["menu_goodbye"]


def test_0_waits_as_any_caller_and_never_rings_who_calls(
    scene: Scene, carrier: Carrier, phone: AtThePhone, noor: Member
) -> None:
    other = scene.ringing(scene.waiting_call())
    scene.end_legs()
    phone.press("1")
    scene.change(Call, phone.call.id, wait_began_at=clock.now() - timedelta(minutes=5))
    with scene.database.reading() as session:
        assert not session.scalars(select(Offer).where(Offer.call_id == phone.call.id)).all()
    document = phone.press("0")
    assert document.verbs == ["Redirect"]
    said = carrier.ask(phone.call.at("wait/1"), phone.call.sid).said
    assert said == heard("wait_first"), "the wait begins anew"
    with scene.database.reading() as session:
        offers = session.scalars(select(Offer).where(Offer.call_id == phone.call.id)).all()
        assert [one.volunteer_id for one in offers] == [other.volunteer_id]
    assert phone.state is CallState.WAITING
    assert phone.hang_up() == "information"


@pytest.mark.parametrize(
    ("key", "outcome", "follow_up"), [("3", "urgent", "urgent"), ("1", "fine", "none"), ("#", "none", "none")]
)
def test_a_conversation_that_broke_off_is_asked_about_first_thing(
    scene: Scene, carrier: Carrier, broken_off: Callable[[Member], str], key: str, outcome: str, follow_up: str
) -> None:
    noor = volunteer(scene)
    scene.change(Offer, broken_off(noor), joined_at=clock.now() - timedelta(hours=1), released_at=clock.now())
    offer_id = broken_off(noor)
    broken_off(volunteer(scene, name="Other Example"))
    phone = AtThePhone(scene, carrier, noor.number)
    phone.star()
    assert phone.page("pin/1", "271828").said == f"Hello Noor. {WORDS['menu_outcome']}"
    assert phone.page(f"outcome/{offer_id}/1", "7").said == WORDS["menu_outcome"]
    for _ in range(2):
        assert phone.page(f"outcome/{offer_id}/1", key).said.startswith(WORDS["menu_outcome_thanks"])
    with scene.database.reading() as session:
        call_id = session.get_one(Offer, offer_id).call_id
        contact = session.scalars(select(Contact).where(Contact.call_id == call_id)).one()
        assert (contact.outcome, contact.follow_up) == (outcome, follow_up)
    again = AtThePhone(scene, carrier, noor.number)
    again.star()
    assert WORDS["menu_outcome"] not in again.page("pin/1", "271828").said


@pytest.fixture
def broken_off(scene: Scene, carrier: Carrier) -> Callable[[Member], str]:
    """The volunteer's leg has ended in the middle of a conversation; the offer's id."""

    def make(who: Member) -> str:
        _, talk = scene.talking()
        scene.change(Offer, talk.offer_id, volunteer_id=who.id)
        carrier.post(talk.leg("status"), talk.sid, CallStatus="completed")
        return talk.offer_id

    return make


@pytest.mark.parametrize(("minutes", "asked"), [(-1, True), (1, False)])
def test_what_was_days_ago_is_not_asked_about(
    scene: Scene, carrier: Carrier, broken_off: Callable[[Member], str], minutes: int, asked: bool
) -> None:
    noor = volunteer(scene)
    ago = timedelta(days=3, minutes=minutes)
    scene.change(Offer, broken_off(noor), conversation_ended_at=clock.now() - ago)
    phone = AtThePhone(scene, carrier, noor.number)
    phone.star()
    assert (WORDS["menu_outcome"] in phone.page("pin/1", "271828").said) is asked


def test_nobody_gives_the_outcome_of_anothers_call(
    scene: Scene, phone: AtThePhone, broken_off: Callable[[Member], str]
) -> None:
    offer_id = broken_off(volunteer(scene, name="Other Example"))
    phone.page(f"outcome/{offer_id}/1", "3")
    phone.page("outcome/no-such/1", "3")
    assert scene.offer(offer_id).outcome_at is None


@pytest.mark.parametrize(
    ("early", "late", "outcome", "follow_up"),
    [
        ("1", "3", "urgent", "urgent"),
        ("3", "1", "fine", "urgent"),
        ("2", "#", "follow_up", "wanted"),
        ("#", "1", "fine", "none"),
    ],
)
@pytest.mark.parametrize("in_order", [True, False])
def test_of_two_volunteers_in_one_call_the_word_of_the_later_one_stands_whoever_says_it_first(
    scene: Scene, carrier: Carrier, early: str, late: str, outcome: str, follow_up: str, in_order: bool
) -> None:
    """The first one's telephone was gone; the caller stayed, and talked with another."""
    noor = volunteer(scene)
    call, first = scene.talking()
    scene.change(Offer, first.offer_id, volunteer_id=noor.id, joined_at=clock.now() - timedelta(minutes=5))
    carrier.post(first.leg("status"), first.sid, CallStatus="completed")
    carrier.post(call.at("left/1"), call.sid, Digits="0")
    second = scene.ringing(call)
    carrier.post(second.at("key/1"), second.sid, Digits="1")
    carrier.post(call.at("next"), call.sid)
    carrier.post("/webhooks/voice/status", call.sid, CallStatus="completed")
    phone = inside(scene, carrier, noor)
    says: list[Callable[[], object]] = [
        partial(phone.page, f"outcome/{first.offer_id}/1", early),
        partial(carrier.post, second.at("outcome-key/1"), second.sid, Digits=late),
    ]
    for say in says if in_order else reversed(says):
        say()
    assert scene.contacts(call) == [("call", outcome, follow_up)]


def test_hours_that_meet_are_one_stretch(scene: Scene, noor: Member) -> None:
    now, hour = clock.now(), timedelta(hours=1)
    with scene.database.transaction() as session:
        for begins, ends in ((5, 6), (1, 3), (3, 4), (2, 2.5), (4.5, 4.5), (-2, -1)):
            at = {"starts_at": now + begins * hour, "ends_at": now + ends * hour}
            session.add(ShiftHours(person_id=noor.id, tier=1, **at))
        found = own_shifts.ahead(session, noor.id, now)
    assert [((one.starts_at - now) / hour, (one.ends_at - now) / hour) for one in found] == [(1, 4), (5, 6)]


def test_nobody_goes_on_by_themselves_while_somebody_is_on_from_whom_they_are_kept_apart(
    scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    now = clock.now()
    with scene.database.transaction() as session:
        other = factories.person(session, Role.VOLUNTEER, now=now)
        factories.apart_decision(session, noor.id, other.id, now)
        for begins in (-1, 1):
            at = now + timedelta(hours=begins)
            session.add(ShiftHours(person_id=other.id, tier=1, starts_at=at, ends_at=at + timedelta(hours=1.5)))
    assert phone.press("1").said.startswith(WORDS["refused_apart"])
    assert hours(scene, noor) == []
    with scene.database.transaction() as session:
        session.execute(update(ShiftHours).where(ShiftHours.starts_at < now).values(ends_at=now))
    assert "You are on shift until" in phone.press("1").said
    (mine,) = hours(scene, noor)
    assert mine.ends_at == now + timedelta(hours=1), "until the other begins"
