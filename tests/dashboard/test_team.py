from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from phoneline import missed_shifts, pauses
from phoneline.live_settings import LiveSettings
from phoneline.models import Apart, Call, Person, ShiftHours
from phoneline.states import CallState, OfferResult, PauseReason
from tests import factories
from tests.dashboard.evening import HOUR, NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import answer, words
from tests.databases import ONE_KIND


def miss(line: StoppedLine, evening: Evening, *names: str) -> None:
    with line.database.transaction() as session:
        for name in names:
            pauses.for_misses(session, evening.team[name].id, NOW - timedelta(minutes=12))


def address(evening: Evening, name: str, action: str = "") -> str:
    return f"/team/{evening.team[name].id}{action}"


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client, "/")} | form, follow_redirects=True)


@ONE_KIND
def test_who_missed_too_many_is_paused_on_the_first_page_and_brought_back(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    miss(line, busy_evening, "Kim")
    text = coordinator.get("/").text
    assert "Kim paused since 19:02, after missed offers backup, until 22:00" in words(text)
    assert answer(coordinator).startswith("Two volunteers are on. One is paused. One caller is waiting.")
    assert address(busy_evening, "Kim", "/back") in text
    back = post(coordinator, address(busy_evening, "Kim", "/back"), **{"from": "now"})
    assert back.request.path == "/"
    assert "Kim free backup, until 22:00" in words(back.text)
    assert "Bring back" not in back.text


@ONE_KIND
def test_who_is_the_last_one_is_said_to_be_rung(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        for name in ("Ana", "Ravi"):
            pauses.take_break(session, busy_evening.team[name].id, NOW + HOUR, NOW)
    miss(line, busy_evening, "Kim")
    text = words(coordinator.get("/").text)
    assert "Kim free missed offers, rung since nobody else is on; backup, until 22:00" in text
    assert "Ana talking 4 min on a break until 20:14; until 22:00" in text
    assert answer(coordinator).startswith("One volunteer is on. Two are paused.")


@ONE_KIND
def test_all_on_a_break_is_nobody(line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening) -> None:
    with line.database.transaction() as session:
        for name in ("Ana", "Ravi", "Kim"):
            pauses.take_break(session, busy_evening.team[name].id, None, NOW)
    assert answer(coordinator).startswith("Nobody can be rung. Three are paused.")


@ONE_KIND
@pytest.mark.parametrize(("minutes", "said_then"), [("60", "on a break until 20:14"), ("", "on a break since 19:14")])
def test_a_break_is_begun_and_ended_on_their_own_page(
    coordinator: FlaskClient, busy_evening: Evening, minutes: str, said_then: str
) -> None:
    page = words(coordinator.get(address(busy_evening, "Kim")).text)
    assert "Kim: free. Backup, until 22:00." in page
    resting = post(coordinator, address(busy_evening, "Kim", "/break"), minutes=minutes)
    assert resting.request.path == address(busy_evening, "Kim")
    assert f"Kim: {said_then}. Backup, until 22:00." in words(resting.text)
    again = post(coordinator, address(busy_evening, "Kim", "/back"))
    assert "Kim: free." in words(again.text)


@ONE_KIND
def test_somebody_who_is_not_on_shift_has_a_page_too(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = coordinator.get(address(busy_evening, "Joëlle")).text
    assert said("Joëlle isn't on shift.") in text
    assert "tomorrow 09:00 until 13:00" in words(text)
    text = post(coordinator, address(busy_evening, "Joëlle", "/break"), minutes="1440").text
    assert said("Joëlle isn't on shift, and on a break until tomorrow 19:14.") in text


@ONE_KIND
def test_languages_and_who_is_kept_apart_stand_there(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    text = words(coordinator.get(address(busy_evening, "Kim")).text)
    assert "Languages " + said("the line's own") in text
    assert "Kept apart from nobody" in text
    with line.database.transaction() as session:
        kim = session.get_one(Person, busy_evening.team["Kim"].id)
        kim.language, kim.speaks = "fr", ["en", "fr"]
        for peer in ("Sam", "Luz"):
            session.add(Apart(person_id=busy_evening.peers[peer].id, other_id=kim.id, strict=peer == "Sam"))
    text = words(coordinator.get(address(busy_evening, "Kim")).text)
    assert "Languages French and English" in text
    assert "Kept apart from Sam" in text
    assert "Luz" not in text


@ONE_KIND
def test_a_shift_in_which_many_calls_were_missed_is_spoken_of_kindly(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient, busy_evening: Evening
) -> None:
    begins = NOW - timedelta(hours=30)
    with line.database.transaction() as session:
        kim = session.get_one(Person, busy_evening.team["Kim"].id)
        session.add(ShiftHours(person_id=kim.id, tier=1, starts_at=begins, ends_at=begins + 4 * HOUR))
        call = factories.call(session, begins, state=CallState.ENDED)
        missed, taken, off = OfferResult.NO_ANSWER, OfferResult.ACCEPTED, OfferResult.CANCELLED
        for minutes, result in (
            (-1, missed),
            (0, missed),
            (9, taken),
            (20, missed),
            (30, off),
            (40, OfferResult.FAILED),
        ):
            factories.offer(session, call, kim, begins + timedelta(minutes=minutes), result)
    assert "Worth a kind word" not in coordinator.get("/").text, "two are no pattern"
    with line.database.transaction() as session:
        factories.offer(session, session.get_one(Call, call.id), session.get_one(Person, kim.id), begins + HOUR, missed)
    text = words(coordinator.get("/").text)
    assert "Kim : yesterday from 13:14, three of four calls rang without an answer." in text
    assert "Calls in four weeks four of six calls rang without an answer" in words(
        coordinator.get(address(busy_evening, "Kim")).text
    )
    assert "Calls in four weeks none rang" in words(coordinator.get(address(busy_evening, "Joëlle")).text)
    assert "kind word" not in volunteer.get("/").text
    with line.database.reading() as session:
        later = missed_shifts.LATELY + begins + 4 * HOUR
        assert missed_shifts.lately(session, LiveSettings(missed_offers_before_pause=0), later - HOUR)
        assert not missed_shifts.lately(session, LiveSettings(), later)


@ONE_KIND
def test_a_length_that_is_not_offered_is_refused(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    for minutes in ("-1", "1e9", "a while"):
        assert post(coordinator, address(busy_evening, "Kim", "/break"), minutes=minutes).status_code == 400
    with line.database.reading() as session:
        assert pauses.all_current(session, NOW) == {}


@ONE_KIND
def test_a_peer_is_no_volunteer(app: Flask, line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening) -> None:
    peer = busy_evening.peers["Sam"].id
    assert coordinator.get(f"/team/{peer}").status_code == 404
    assert post(coordinator, f"/team/{peer}/break", minutes="60").status_code == 404
    assert post(coordinator, f"/team/{peer}/back").status_code == 404
    with line.database.reading() as session:
        assert pauses.all_current(session, NOW) == {}


@ONE_KIND
def test_volunteers_see_the_pause_and_no_button(
    line: StoppedLine, volunteer: FlaskClient, busy_evening: Evening
) -> None:
    miss(line, busy_evening, "Kim")
    text = volunteer.get("/").text
    assert "Kim paused since 19:02" in words(text)
    assert "/team/" not in text
    assert volunteer.get(address(busy_evening, "Kim")).status_code == 403
    assert post(volunteer, address(busy_evening, "Kim", "/back")).status_code == 403
    with line.database.reading() as session:
        assert pauses.all_current(session, NOW)[busy_evening.team["Kim"].id].reason is PauseReason.MISSED
