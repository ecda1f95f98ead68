import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.current import LINE
from phoneline import live_settings
from phoneline.models import Offer
from phoneline.states import CallState, CheckinState, FollowUp, LegState, OfferResult, PlanKind
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, NOW, Evening
from tests.dashboard.pages import StoppedLine, said
from tests.databases import counting


def words(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def answer(client: FlaskClient) -> str:
    return client.get("/").text.split('id="answer"')[1].split(">", 1)[1].split("<")[0]


def change(line: StoppedLine, act: Callable[[Evening], object]) -> None:
    with line.database.transaction() as session:
        act(Evening(session))


def test_the_answer_comes_first(coordinator: FlaskClient, busy_evening: Evening) -> None:
    expected = "Three volunteers are on. One caller is waiting. Three people need you today. One of them urgently."
    assert answer(coordinator) == expected


def test_everybody_on_shift_has_a_state(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(coordinator.get("/").text)
    assert "Ana talking 4 min until 22:00" in text
    assert "Ravi ringing until 22:00" in text
    assert "Kim free backup, until 22:00" in text
    assert "Next: Joëlle, tomorrow 09:00." in text
    assert "Cover In the next four weeks two stretches have nobody." in text
    assert "Today 22:00 to tomorrow 09:00: nobody From tomorrow 13:00 on: nobody" in text


def test_calls_check_ins_and_follow_ups_are_there(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(coordinator.get("/").text)
    assert "Sam talking with Ana 4 min, called us at 19:08" in text
    assert "An unknown caller waiting less than a minute, called us at 19:13" in text
    assert "overdue Old Tom check-in: not reached 2 h ago, 17:14" in text
    assert said("Overdue since 18:14, now Joëlle's, by 20:14") in text
    assert "soon An unknown caller call back, as promised 25 min ago, 18:49" in text
    assert "D. will be tried again in 2 min, 19:16" in text
    assert "Marguerite automated call in 31 min, 19:45" in text
    assert re.search(r"5 of 7 of today.s are settled said: I&#39;m OK 2 talked 1 not reached 2", text)
    assert "Three follow-ups are open. One is urgent. One is overdue." in text


def test_urgent_follow_ups_come_first_then_the_oldest(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(coordinator.get("/").text)
    care = text[text.index("Needs care") :]
    assert care.index("Old Tom") < care.index("Sam") < care.index("An unknown caller")


def test_an_empty_line_says_what_to_do_first(coordinator: FlaskClient) -> None:
    text = coordinator.get("/").text
    assert answer(coordinator) == "Nobody is on shift. Nobody is waiting. Nobody needs a follow-up."
    assert "phoneline import shifts" in text
    assert "phoneline import checkins" in text


def test_volunteers_see_the_team_and_no_caller(volunteer: FlaskClient, busy_evening: Evening) -> None:
    text = volunteer.get("/").text
    assert "Three volunteers are on. One caller is waiting.</h1>" in text
    assert "talking 4 min" in text
    for peer in busy_evening.peers:
        assert not re.search(rf"\b{re.escape(peer)}(?!\w)", words(text)), peer
    assert "unknown caller" not in text
    assert "Needs care" not in text


def test_no_number_is_ever_shown(coordinator: FlaskClient, busy_evening: Evening) -> None:
    for path in ("/", "/log"):
        text = coordinator.get(path).text
        assert "+1" not in text
        assert "55501" not in text


def test_wrapping_up_ends_by_itself(app: Flask, line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        evening = Evening(session)
        evening.shifts()
        call = factories.call(session, NOW - 9 * MINUTE, state=CallState.ENDED, ended_at=NOW - MINUTE)
        rested: Offer = factories.offer(session, call, evening.team["Ana"], NOW - 8 * MINUTE)
        rested.result, rested.accepted_at = OfferResult.ACCEPTED, NOW - 7 * MINUTE
        rested.conversation_ended_at, rested.wrap_up_until = NOW - MINUTE, NOW + MINUTE
        rested.leg.state = LegState.ENDED
    assert "Ana wrapping up" in words(coordinator.get("/").text)
    app.extensions[LINE] = replace(line, at=NOW + 2 * MINUTE)
    assert "Ana free" in words(coordinator.get("/").text)


def test_who_talks_beyond_the_shift_is_still_there(
    app: Flask, line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    app.extensions[LINE] = replace(line, at=NOW + 3 * HOUR)
    text = words(coordinator.get("/").text)
    assert "Now to tomorrow 09:00: nobody" in text
    assert "Ana talking 3 h 4 min shift is over" in text
    assert answer(coordinator).startswith("Nobody is on shift.")


def test_open_shifts_of_today_say_when_someone_is_needed(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        local = NOW.astimezone(factories.TORONTO).replace(tzinfo=None, minute=0)
        for begins, hours, tier in ((-5, 2, 1), (-1, 2, 1), (1, 2, 1), (1, 2, 2), (3, 6, 1), (14, 2, 1)):
            starts = local + begins * HOUR
            factories.shift(session, None, starts, starts + hours * HOUR, NOW, tier=tier)
    for client in (coordinator, volunteer):
        text = words(client.get("/").text)
        assert re.findall(r"[A-Z]\w+ (?:is|people are) needed from [^.]+\.", text) == [
            "Someone is needed from now until 20:00.",
            "Two people are needed from 20:00 until 22:00.",
            "Someone is needed from 22:00 until tomorrow 04:00.",
        ]


def test_many_open_shifts_are_not_all_told(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        local = NOW.astimezone(factories.TORONTO).replace(tzinfo=None, minute=0)
        for minutes in range(5):
            starts = local + HOUR + minutes * MINUTE
            factories.shift(session, None, starts, starts + HOUR, NOW)
    text = words(coordinator.get("/").text)
    assert text.count("Someone is needed") == 4
    assert "More shifts are open after these." in text


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ("mon-fri 09:00-17:00", "The line is closed until tomorrow 09:00. Nobody is on shift."),
        ("mon-fri 09:00-19:14", "The line is closed until tomorrow 09:00. Nobody is on shift."),
        ("mon-fri 09:00-19:15", "Nobody is on shift."),
        ("fri 09:00-17:00", "The line is closed until Friday 09:00. Nobody is on shift."),
    ],
)
def test_outside_the_hours_the_answer_says_when_the_line_opens(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient, hours: str, says: str
) -> None:
    with line.database.transaction() as session:
        live_settings.write(session, "line_hours", hours, NOW)
    line.live_cache._kept = None
    for client in (coordinator, volunteer):
        assert answer(client).startswith(f"{says} Nobody is waiting.")


def test_a_line_that_never_opens_is_closed(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        live_settings.write(session, "line_hours", "sun 09:00-17:00", NOW)
        every_day = ", ".join(f"{date(2024, 1, 1) + timedelta(days=day):%m-%d}" for day in range(366))
        live_settings.write(session, "closed_days", every_day, NOW)
    line.live_cache._kept = None
    assert answer(coordinator).startswith("The line is closed. Nobody")


def test_nothing_is_sent_while_nothing_has_changed(
    app: Flask, line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    seen = coordinator.get("/").text.split('name="seen" value="')[1].split('"')[0]
    again = coordinator.get("/now", query_string={"seen": seen}, headers={"HX-Request": "true"})
    assert (again.status_code, again.data) == (204, b"")
    app.extensions[LINE] = replace(line, at=NOW + timedelta(seconds=10))
    assert coordinator.get("/now", query_string={"seen": seen}).status_code == 204
    with line.database.transaction() as session:
        factories.call(session, NOW)
    changed = coordinator.get("/now", query_string={"seen": seen})
    assert changed.status_code == 200
    assert "Two callers are waiting." in changed.text
    assert "<html" not in changed.text


def test_the_page_costs_the_same_however_much_is_on_it(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    coordinator.get("/")  # what is asked every few seconds only
    with counting(line.database) as counted:
        coordinator.get("/")
        few = len(counted)
        with line.database.transaction() as session:
            more = Evening(session)
            for hour in range(20):
                more.checkin("Luz", NOW + hour * HOUR, CheckinState.DUE, PlanKind.AUTOMATED)
                factories.call(session, NOW, person_id=more.peers["Sam"].id)
                factories.contact(session, NOW, person_id=more.peers["Sam"].id, follow_up=FollowUp.WANTED)
        counted.clear()
        coordinator.get("/")
        assert len(counted) == few <= 24
