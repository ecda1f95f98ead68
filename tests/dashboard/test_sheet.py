from collections.abc import Mapping
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard import queries_sheet
from dashboard.current import LINE
from phoneline import people
from phoneline.escalation_states import EscalationStep
from phoneline.models import Account, Checkin, CheckinTry, Person
from phoneline.states import (
    AccessAction,
    AccountRole,
    CheckinReason,
    CheckinState,
    OfferResult,
    PlanKind,
    SettledBy,
)
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.sheet_page import COORDINATOR, acts, capped, change, entry, press, stored
from tests.dashboard.test_now import answer as first_page
from tests.dashboard.test_now import words


def test_the_sentence_says_how_the_day_stands(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    text = words(coordinator.get("/check-ins").text)
    assert "15 check-ins today: 3 done, 7 to come, 2 need you, 3 skipped." in text
    assert "All 15 Need you 2 To come 7 Done 3 Skipped 3" in text


def test_each_check_in_says_how_it_stands_and_why(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    expected = {
        "Amina": ["09:14", "Automated call, social", said("said: I'm OK"), said("09:14, pressed 1: I'm OK")],
        "Bo": ["Joëlle calls, social", "talked with Joëlle"],
        "Chidi": ["called us and talked"],
        "Dora": ["skipped There is no consent for automated calls"],
        "Emil": ["skipped The plan is paused"],
        "Fatou": ["asked us to stop 13:14, asked us to stop"],
        "Gil": [
            "Automated call, safety",
            "not reached",
            "14:14 first number, rang 45 s, nobody answered",
            "14:26 second number, a machine answered",
            "What to do",
        ],
        "Hana": ["not called in time It was due at 15:14, and the line could not call in time"],
        "Ines": ["tried again in 4 min, 19:18", "18:49, busy"],
        "Jo": ["asked for later: in 18 min, 19:32"],
        "Kofi": ["due now Held until 20:00: quiet hours"],
        "Lia": ["waits for Joëlle"],
        "Mo": ["ringing now", "19:13, rings"],
        "Noémie": ["19:45 16:45 for them", "in 31 min, 19:45"],
    }
    for name, parts in expected.items():
        text = entry(coordinator, day[name])
        for part in parts:
            assert part in text, (name, part, text)


def test_what_another_call_or_a_coordinator_came_to_is_not_told_as_this_calls(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    change(line, day["Chidi"], settled_by=SettledBy.VOLUNTEER)
    assert "heard from in another call, 11:15" in entry(coordinator, day["Chidi"])
    change(line, day["Chidi"], state=CheckinState.STOPPED, settled_by=None, settled_at=None)
    assert "these calls were stopped" in entry(coordinator, day["Chidi"]), "nobody heard them say so"


def test_which_volunteers_were_asked_to_make_a_call_is_said(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    with line.database.transaction() as session:
        people_there = {person.name: person for person in session.scalars(select(Person))}
        ana, joelle = people_there["Ana"], people_there["Joëlle"]
        factories.checkin_try(session, session.get_one(Checkin, day["Lia"]), joelle, NOW - 14 * MINUTE)
        session.flush()
        seeking = session.scalars(select(CheckinTry)).one().call
        asked = ((14, joelle, OfferResult.NO_ANSWER), (13, ana, OfferResult.DECLINED), (3, joelle, OfferResult.BUSY))
        for ago, volunteer, result in asked:
            factories.offer(session, seeking, volunteer, NOW - ago * MINUTE, result)
    assert "waits for Joëlle Ana passed 19:01, Joëlle was busy 19:11" in entry(coordinator, day["Lia"])
    assert " passed " not in entry(coordinator, day["Bo"])


def test_a_call_that_was_made_early_says_when_it_was_planned_for(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    change(line, day["Mo"], due_at=NOW + 20 * MINUTE)
    assert "Mo calling now planned for 19:34" in words(coordinator.get("/").text)


def test_what_holds_back_a_call_that_is_due_is_said(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    change(line, day["Ines"], attempt_due_at=NOW - MINUTE)
    with line.database.transaction() as session:
        factories.call(session, NOW, person_id=session.get_one(Checkin, day["Ines"]).person_id)
    assert "due now Waits: they are on the phone" in entry(coordinator, day["Ines"])


def test_the_cap_that_holds_back_a_call_is_said(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    change(line, day["Ines"], attempt_due_at=NOW - MINUTE)
    capped(line, day["Ines"])
    assert said("due now Held by today's cap on spending") in entry(coordinator, day["Ines"])


def test_quiet_hours_that_lasted_too_long_are_the_reason(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    with line.database.transaction() as session:
        session.get_one(Checkin, day["Hana"]).plan.quiet = "15:00-18:00"
    assert "It was due at 15:14, in their quiet hours, and these lasted too long" in entry(coordinator, day["Hana"])


def test_how_far_the_ladder_of_an_unreached_one_has_come_is_said(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    with line.database.transaction() as session:
        factories.escalation(session, session.get_one(Checkin, day["Gil"]), NOW, step=EscalationStep.VOLUNTEER)
    assert "not reached A volunteer is asked to ring them 14:14" in entry(coordinator, day["Gil"])


def test_the_sheet_narrows(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    expected = {
        "need": {"Gil", "Hana"},
        "coming": {"Ines", "Jo", "Kofi", "Lia", "Mo", "Noémie", "Ole"},
        "done": {"Amina", "Bo", "Chidi"},
        "skipped": {"Dora", "Emil", "Fatou"},
    }
    for show, names in expected.items():
        text = coordinator.get(f"/check-ins?show={show}").text
        assert {name for name, checkin_id in day.items() if f'id="c-{checkin_id}"' in text} == names


def test_skipped_by_hand_and_undone(line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    text = press(coordinator, day["Ines"], "skip")
    assert "Skipped: nobody will call." in text
    assert f"Skipped by hand by {COORDINATOR}, 19:14" in text
    assert stored(line, day["Ines"]).state is CheckinState.SKIPPED
    assert "Nothing was changed: it is over already (skipped)." in press(coordinator, day["Ines"], "skip")
    assert "Back on the list." in press(coordinator, day["Ines"], "restore")
    assert stored(line, day["Ines"]).state is CheckinState.WAITING
    assert acts(line) == [AccessAction.CHECKIN_RESTORED, AccessAction.CHECKIN_SKIPPED]


def test_a_skip_can_be_undone_as_long_as_the_call_may_still_be_made(
    app: Flask, line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    press(coordinator, day["Kofi"], "skip")
    app.extensions[LINE] = replace(line, at=NOW + 30 * MINUTE)
    assert "Back on the list." in press(coordinator, day["Kofi"], "restore")
    press(coordinator, day["Kofi"], "skip")
    app.extensions[LINE] = replace(line, at=NOW + 41 * MINUTE)
    assert "Undo" not in entry(coordinator, day["Kofi"])
    assert "it is over already (skipped)" in press(coordinator, day["Kofi"], "restore")
    with line.database.transaction() as session:
        people.withdraw_consent(session, session.get_one(Checkin, day["Noémie"]).person_id, people.KEY_9, NOW)
        session.get_one(Checkin, day["Noémie"]).state = CheckinState.SKIPPED
        session.get_one(Checkin, day["Noémie"]).reason = CheckinReason.BY_HAND
    assert said("they haven't agreed to automated calls") in press(coordinator, day["Noémie"], "restore")


def test_moved_to_another_time_of_the_day(line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    text = press(coordinator, day["Noémie"], "move", at="20:30")
    assert "Moved." in text
    assert "moved: in 1 h, 20:30" in text
    assert f"Moved by {COORDINATOR}, 19:14" in text
    moved = stored(line, day["Noémie"])
    assert moved.attempt_due_at == moved.dial_after == NOW.replace(minute=30) + HOUR
    assert moved.due_at == NOW + 31 * MINUTE
    assert "Noémie automated call in 1 h, 20:30" in words(coordinator.get("/").text)


def test_a_time_that_would_never_be_called_is_refused(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    before = stored(line, day["Jo"]).attempt_due_at
    for at in ("19:10", "soon", ""):
        assert "please give a time that is still to come" in press(coordinator, day["Jo"], "move", at=at)
    assert "these last too long" in press(coordinator, day["Jo"], "move", at="22:15")
    assert stored(line, day["Jo"]).attempt_due_at == before


def test_a_time_in_quiet_hours_that_end_soon_is_warned_of(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    text = press(coordinator, day["Kofi"], "move", at="19:30")
    assert "Moved, but that is in their quiet hours: we call as soon as these are over." in text
    assert stored(line, day["Kofi"]).attempt_due_at == NOW.replace(minute=30)


def test_what_was_told_stays_while_the_page_asks_for_news(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    forgery = {"csrf_token": token(coordinator, "/check-ins")}
    answer = coordinator.post(f"/check-ins/{day['Ines']}/skip", data=forgery, headers={"HX-Request": "true"}).text
    told = answer.split('id="told" name="told" value="')[1].split('"')[0]
    seen = answer.split('id="seen" name="seen" value="')[1].split('"')[0]
    assert coordinator.get(f"/check-ins/live?told={told}&seen={seen}").status_code == 204
    assert "Skipped: nobody will call." in coordinator.get(f"/check-ins/live?told={told}").text
    # Where it stands on the page no more, it is said above.
    assert "Skipped: nobody will call." in coordinator.get(f"/check-ins/live?told={told}&show=coming").text


def test_what_does_not_exist_or_makes_no_sense_is_refused(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    forgery = {"csrf_token": token(coordinator, "/check-ins")}
    assert coordinator.post("/check-ins/made-up/skip", data=forgery).status_code == 404
    assert coordinator.post(f"/check-ins/{day['Jo']}/heard", data=forgery | {"how": "sms"}).status_code == 400
    assert "Please look at the day once more." in coordinator.get("/check-ins?day=soon").text
    assert coordinator.get("/check-ins?told=x.y&after=1&show=nothing").status_code == 200


def test_other_days_are_a_press_away(coordinator: FlaskClient, day: Mapping[str, str]) -> None:
    assert "No check-ins yesterday." in coordinator.get("/check-ins?day=2026-11-16").text
    ahead = "No check-ins on Thursday 3 December yet. What the plans add stands under “The days ahead”."
    assert ahead in coordinator.get("/check-ins?day=2026-12-03").text


def test_a_long_day_comes_page_by_page(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        who = factories.person(session, now=NOW)
        for minute in range(queries_sheet.PAGE + 3):
            due_at = NOW - 8 * HOUR + minute * MINUTE
            plan = factories.plan(session, who, due_at.replace(tzinfo=None), NOW, kind=PlanKind.AUTOMATED)
            factories.checkin(session, plan, due_at, state=CheckinState.OK)
    first = coordinator.get("/check-ins").text
    assert first.count('class="entry') == queries_sheet.PAGE
    later = first.split("after=")[1].split('"')[0]
    assert coordinator.get(f"/check-ins?after={later}").text.count('class="entry') == 3


def test_the_first_page_leads_to_the_sheet(coordinator: FlaskClient, busy_evening: Evening) -> None:
    assert first_page(coordinator)
    assert 'href="/check-ins"' in coordinator.get("/").text.split('id="h-checkins"')[1]


def test_whoever_is_on_the_team_and_a_peer_meets_neither_their_check_ins_nor_their_plans(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    name, checkin_id = next(iter(day.items()))
    with line.database.transaction() as session:
        own = session.get_one(Checkin, checkin_id)
        session.execute(update(Account).where(Account.role == AccountRole.COORDINATOR).values(person_id=own.person_id))
        plans = f"/people/{own.person_id}/plans"
        plan_id = own.plan_id
    shown = coordinator.get("/check-ins").text
    assert f'id="c-{checkin_id}"' not in shown
    assert f"{len(day) - 1} check-ins today" in shown
    assert name not in coordinator.get("/check-ins/week").text
    form = {"csrf_token": token(coordinator, "/check-ins")}
    assert coordinator.post(f"/check-ins/{checkin_id}/skip", data=form).status_code == 403
    assert coordinator.get(f"{plans}/{plan_id}").status_code == 403
    assert coordinator.post(f"{plans}/{plan_id}/end", data=form).status_code == 403
