"""A safety check-in that reached nobody: a volunteer calls by hand, then the peer's own people, then a coordinator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from phoneline import agreed_contacts, checkins, clock, due_escalations, follow_ups, legs, people, progress
from phoneline.escalation import LOOK_AGAIN, LOOKED_AFTER_STEPS
from phoneline.escalation_states import TellingKind
from phoneline.models import AgreedContact, Contact, Leg, Person
from phoneline.prompts import catalogue
from phoneline.quiet_hours import window
from phoneline.states import ConsentKind, LegEnd, Purpose, SettledBy
from tests import factories
from tests.webhooks.carrier import LINE_NUMBER
from tests.webhooks.ladder import LIVE, STEP, Ladder
from tests.webhooks.test_races import at_once

EN = catalogue("en")
RAVI, MIA = {"name": "Ravi", "number": factories.number(901)}, {"name": "Mia", "number": factories.number(902)}
TOLD = TellingKind.END


def test_the_peers_people_are_rung_in_order_a_step_apart_and_then_a_coordinator(ladder: Ladder) -> None:
    ladder.unreached(RAVI, MIA)
    assert (ladder.follow_up(), ladder.alarms()) == ("urgent", 0)
    ladder.tick()
    assert ladder.pending() == [("escalation", RAVI["number"])], "one, however many clocks"
    ladder.over(ladder.dial())
    ladder.tick(STEP - 60)
    assert (ladder.pending(), ladder.alarms()) == ([], 0)
    ladder.tick(60)
    leg = ladder.dial()
    assert leg.number == MIA["number"]
    ladder.answer(leg)
    ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(STEP)
    assert ladder.rung() == [("Ravi", "no_answer"), ("Mia", "silent")]
    assert (ladder.stands(), ladder.alarms(), ladder.follow_up()) == (("climbing", "coordinator"), 1, "urgent")
    ladder.tick(STEP)
    assert ladder.pending() == [], "nobody is rung twice"
    assert ladder.checkin().state.value == "unreached"


def test_nobody_is_rung_for_a_social_check_in(ladder: Ladder) -> None:
    ladder.unreached(RAVI, purpose=Purpose.SOCIAL)
    ladder.tick()
    assert (ladder.pending(), ladder.alarms(), ladder.follow_up()) == ([], 0, "wanted")


def test_with_nobody_to_ask_a_coordinator_is_told_at_once(ladder: Ladder) -> None:
    ladder.unreached()
    ladder.tick()
    assert (ladder.stands(), ladder.alarms()) == (("climbing", "coordinator"), 1)


def test_the_plans_number_comes_first_and_never_the_lines_or_the_peers_own(ladder: Ladder) -> None:
    plans = factories.number(903)
    ladder.unreached(RAVI, {"name": "Line", "number": LINE_NUMBER}, escalate_to=plans)
    ladder.tick()
    assert ladder.pending() == [("escalation", plans)]
    ladder.over(ladder.dial())
    ladder.tick(STEP)
    ladder.over(ladder.dial())
    ladder.tick(STEP)
    assert ladder.rung() == [("", "no_answer"), ("Ravi", "no_answer")]
    assert ladder.alarms() == 1


def test_they_hear_the_peers_own_words_and_whoever_looks_after_it_has_time(ladder: Ladder) -> None:
    ladder.unreached({**RAVI, "words": "Sam's cat may be hungry."}, MIA)
    ladder.tick()
    leg = ladder.dial()
    heard = ladder.answer(leg).said
    assert "Sam's cat may be hungry. To look after it, press 1." in heard
    assert not any(word in heard for word in ("Example", "line", "check-in", "Ravi"))
    for _ in range(2):
        assert "I'll let you know when we hear from Sam" in ladder.press(leg, "1").said
    ladder.press(leg, "2")
    ladder.over(leg, LegEnd.COMPLETED)
    assert ladder.stands() == ("taken", "contacts")
    ladder.tick(STEP)
    assert (ladder.pending(), ladder.alarms(), ladder.follow_up()) == ([], 0, "urgent")
    ladder.tick(STEP * (LOOKED_AFTER_STEPS - 1) + 5)
    assert (ladder.pending(), ladder.stands(), ladder.alarms()) == ([], ("climbing", "coordinator"), 1)


def test_all_is_well_ends_it_and_leaves_a_look_without_hurry(ladder: Ladder) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    first = ladder.dial()
    ladder.answer(first)
    assert "To look after it" in ladder.press(first, "5").said
    assert "Gather" not in ladder.press(first, "5", tries=2).verbs
    ladder.over(first, LegEnd.COMPLETED)
    ladder.tick(STEP)
    second = ladder.dial()
    assert EN["escalation_thanks"] in ladder.press(second, "2").said
    ladder.over(second, LegEnd.COMPLETED)
    assert "taken care of" in ladder.press(first, "1").said, "too late"
    ladder.tick(STEP)
    assert (ladder.stands(), ladder.follow_up(), ladder.alarms()) == (("over", "well"), "wanted", 0)
    assert (ladder.pending(), ladder.rung(TOLD)) == ([], []), "nobody else was told of it"
    assert ladder.checkin().state.value == "unreached", "that is not the peer's own word"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(st.sampled_from(["", "1", "2", "9", "5", "ends", "answers"]), min_size=1, max_size=6))
def test_the_first_key_holds_whatever_comes_and_nobody_else_is_rung_at_the_same_time(
    ladder: Ladder, keys: list[str]
) -> None:
    ladder.start_anew()
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    leg = ladder.dial()
    for key in keys:
        if key == "ends":
            ladder.over(leg, LegEnd.COMPLETED)
        elif key == "answers":
            ladder.answer(leg)
        else:
            ladder.press(leg, key)
        assert len([one for one in ladder.rung() if one[1] is None]) <= 1
    first = next((key for key in keys if key in {"1", "2", "9"}), None)
    ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(5)
    state = {None: "climbing", "9": "climbing", "1": "taken", "2": "over"}[first]
    result = {None: "silent", "9": "stop", "1": "taken", "2": "well"}[first]
    assert (ladder.escalation().state.value, ladder.rung()[0]) == (state, ("Ravi", result))


@pytest.mark.parametrize("overtaken", [False, True])
def test_who_asks_not_to_be_rung_again_never_is_and_the_next_one_is_at_once(ladder: Ladder, overtaken: bool) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    leg = ladder.dial()
    if overtaken:
        ladder.over(leg, LegEnd.COMPLETED)
    assert EN["escalation_stopped"] in ladder.press(leg, "9").said
    if not overtaken:
        ladder.tick(5)
        assert ladder.pending() == [], "their call still goes on"
        ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(5)
    assert ladder.pending() == [("escalation", MIA["number"])]
    with ladder.scene.database.transaction() as session:
        ravi = session.scalars(select(AgreedContact).where(AgreedContact.stopped_at.is_not(None))).one()
        agreed_contacts.take_off(session, ladder.person_id, ravi.id, ladder.now)
    with ladder.scene.database.transaction() as session:
        person = session.get_one(Person, ladder.person_id)
        plan = factories.plan(
            session, person, ladder.now.replace(tzinfo=None), ladder.now, rrule="FREQ=DAILY", escalate_to=ravi.number
        )
        asked = agreed_contacts.to_ask(session, person, plan, ladder.live, ladder.now)
        assert [session.get_one(AgreedContact, one).name for one in asked] == ["Mia"], "nor where a plan names them"


@pytest.mark.parametrize("said", ["3", "4"])
def test_a_volunteer_calls_by_hand_first_and_joined_it_is_over(ladder: Ladder, said: str) -> None:
    ladder.scene.volunteer()
    ladder.unreached(RAVI)
    ladder.tick()
    assert ladder.stands() == ("climbing", "volunteer")
    (ringing,) = ladder.promises.volunteers_rung()
    assert EN["offer_by_hand"] in ladder.carrier.ask(ringing.leg("answered"), ringing.sid).said
    heard = ladder.carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1").said
    assert heard.startswith("Thank you. It's Sam who didn't answer.")
    peer = ladder.promises.taken(ringing)
    ladder.tick(STEP)
    assert ladder.pending() == [], "their telephone is ringing"
    heard = ladder.carrier.ask(peer.leg("answered"), peer.call.sid).said
    assert "We'd like to know how you are. If you are Sam, press 1." in heard
    ladder.carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="1")
    ladder.tick(1)
    assert (ladder.stands(), ladder.follow_up(), ladder.pending()) == (("over", "heard"), "done", [])
    ladder.promises.ended(peer)
    ladder.carrier.ask(ringing.at("outcome-key/1"), ringing.sid, Digits=said)
    assert ladder.follow_up() == "urgent", "what the volunteer says afterwards counts: a wrong number is nobody's OK"
    ladder.tick(1)
    assert ladder.alarms() == 1


def test_a_volunteer_who_reaches_nobody_is_told_the_end_and_the_next_step_comes_in_its_time(ladder: Ladder) -> None:
    who = ladder.scene.volunteer()
    ladder.unreached(RAVI)
    ladder.tick()
    (ringing,) = ladder.promises.volunteers_rung()
    peer = ladder.promises.taken(ringing)
    ladder.promises.ended(peer, "no-answer")
    ladder.tick(STEP - 60)
    assert ladder.pending() == [], "they aren't rung by hand twice"
    ladder.tick(60)
    ladder.press(ladder.dial(), "2")
    ladder.tick(1)
    with ladder.scene.database.reading() as session:
        number = session.get_one(Person, who).numbers[0].number
    assert ladder.texts() == [(number, EN["escalation_team_over"])]


def test_no_volunteer_rings_a_peer_who_said_no_and_nine_is_a_coordinators_to_judge(ladder: Ladder) -> None:
    ladder.scene.volunteer()
    ladder.unreached(RAVI)
    ladder.tick()
    (ringing,) = ladder.promises.volunteers_rung()
    peer = ladder.promises.taken(ringing)
    ladder.promises.key(peer, "9")
    ladder.promises.ended(peer)
    ladder.tick(1)
    assert (ladder.stands(), ladder.pending(), ladder.alarms()) == (("climbing", "coordinator"), [], 1)


def test_a_no_to_volunteers_calls_skips_that_step(ladder: Ladder) -> None:
    ladder.scene.volunteer()
    ladder.unreached(RAVI)
    with ladder.scene.database.transaction() as session:
        kind = ConsentKind.VOLUNTEER_CALLS
        people.give_consent(session, ladder.person_id, "a talk", ladder.now, kind=kind)
        people.withdraw_consent(session, ladder.person_id, people.KEY_9, ladder.now, kind)
    ladder.tick()
    assert ladder.pending() == [("escalation", RAVI["number"])]


@pytest.mark.parametrize(
    ("fate", "wait", "rung"),
    [
        ("unclear", STEP, [("Ravi", None)]),
        ("never made", 0, [("Ravi", "failed"), ("Mia", None)]),
        ("refused", 0, [("Ravi", "failed"), ("Mia", None)]),
        ("busy", LOOK_AGAIN.seconds, [("Ravi", "not_rung"), ("Ravi", None)]),
    ],
)
def test_what_becomes_of_a_dial_that_failed(
    ladder: Ladder, fate: str, wait: int, rung: list[tuple[str, str | None]]
) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    with ladder.scene.database.transaction() as session:
        leg = session.scalars(select(Leg)).one()
        legs.begin_dialling(leg, ladder.now)
        match fate:
            case "refused":
                progress.refused(session, leg, LIVE, ladder.now)
            case "busy":
                progress.not_reached(session, leg, LIVE, ladder.now)
            case _:
                progress.unclear(session, leg, ladder.now)
        if fate == "never made":
            # What the sweep says when the carrier's records show nothing.
            progress.refused(session, leg, LIVE, ladder.now)
    ladder.tick(wait)
    assert ladder.rung() == rung


def test_what_could_not_be_dialled_in_time_is_dialled_anew(ladder: Ladder) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    with ladder.scene.database.transaction() as session:
        progress.refused(session, session.scalars(select(Leg)).one(), LIVE, ladder.now)
    ladder.tick(LOOK_AGAIN.seconds)
    assert ladder.rung() == [("Ravi", "not_rung"), ("Ravi", None)]


def test_a_check_in_too_late_to_be_dialled_enters_the_ladder(ladder: Ladder) -> None:
    ladder.unreached(RAVI, tried=0, late=timedelta(seconds=LIVE.checkin_grace_seconds + 1))
    assert ladder.checkin().state.value == "expired"
    ladder.tick()
    assert ladder.rung() == [("Ravi", None)]


@pytest.mark.parametrize(
    ("key", "stand"), [("2", {("over", "well")}), ("", {("over", "settled"), ("climbing", "coordinator")})]
)
def test_of_two_unreached_check_ins_of_one_peer_one_asks_for_both(
    ladder: Ladder, key: str, stand: set[tuple[str, str]]
) -> None:
    ladder.unreached(RAVI)
    ladder.again()
    ladder.tick()
    leg = ladder.dial()
    ladder.press(leg, key)
    ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(STEP)
    if not key:
        with ladder.scene.database.transaction() as session:
            contact = session.scalars(select(Contact).where(Contact.checkin_id == ladder.checkin_id)).one()
            follow_ups.finish(session, contact.id, clock.now())
    ladder.tick(STEP)
    ladder.tick(STEP)
    assert ladder.rung() == [("Ravi", "well" if key else "silent")], "once"
    assert ladder.all_stand() == stand


def test_clocks_keys_and_the_peer_in_one_instant_agree(ladder: Ladder) -> None:
    database = ladder.scene.database

    def look() -> None:
        database.run(lambda session: due_escalations.look(session, ladder.live, ladder.now))

    def heard() -> None:
        by = SettledBy.INBOUND_CALL
        database.run(lambda session: checkins.heard_from(session, ladder.person_id, by, ladder.now))

    def press(leg: Leg) -> None:
        ladder.press(leg, "1")

    for _ in range(3):
        ladder.start_anew()
        ladder.unreached(RAVI, MIA)
        at_once([look] * 4)
        assert ladder.pending() == [("escalation", RAVI["number"])], "one call, however many clocks"
        leg = ladder.dial()
        together: list[Callable[[], None]] = [partial(press, leg), partial(press, leg), look, heard]
        at_once(together)
        ladder.over(leg, LegEnd.COMPLETED)
        at_once([look] * 3)
        assert ladder.stands() == ("over", "heard")
        told = [("escalation", RAVI["number"])] if ladder.rung()[0][1] == "taken" else []
        assert ladder.pending() == told


def test_in_the_next_night_only_coordinators_are_rung(ladder: Ladder) -> None:
    day = window("00:00-23:59")
    ladder.live = replace(LIVE, quiet_weekday=day, quiet_weekend=day)
    ladder.scene.volunteer(hours=40)
    ladder.unreached(RAVI)
    ladder.now = ladder.checkin().day_until + timedelta(hours=4)
    ladder.tick()
    assert (ladder.stands(), ladder.pending(), ladder.alarms()) == (("climbing", "coordinator"), [], 1)
