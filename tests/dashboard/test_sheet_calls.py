"""Calls made from the day sheet, and who was heard from without one."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.current import LINE
from phoneline import by_hand, contacts, people, seen_undo
from phoneline.by_hand import Answer
from phoneline.models import Account, Attempt, Checkin, CheckinTry, Contact, HandContact, Person
from phoneline.states import (
    AccessAction,
    CheckinState,
    ContactKind,
    FollowUp,
    SettledBy,
)
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.sheet_page import COORDINATOR, acts, capped, change, entry, press, stored
from tests.dashboard.test_now import words


def test_a_call_now_is_due_at_once_and_only_once(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    assert "We call now." in press(coordinator, day["Noémie"], "call")
    called = stored(line, day["Noémie"])
    assert called.attempt_due_at == called.dial_after == NOW
    assert "The call is due already" in press(coordinator, day["Noémie"], "call")
    assert acts(line) == [AccessAction.CHECKIN_CALLED]


def test_for_a_volunteers_call_a_volunteer_is_rung_once(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    assert "We ring a volunteer now, and then them." in press(coordinator, day["Lia"], "call")
    assert "A volunteer is being asked already." in press(coordinator, day["Lia"], "call")
    with line.database.reading() as session:
        tried = session.scalars(select(CheckinTry)).one()
        assert [offer.result for offer in tried.call.offers] == [None]
    assert acts(line) == [AccessAction.CHECKIN_CALLED]


def _nobody_is_free(line: StoppedLine, _checkin_id: str) -> None:
    with line.database.transaction() as session:
        session.execute(update(Person).values(ready=False))


def _on_the_phone(line: StoppedLine, checkin_id: str) -> None:
    with line.database.transaction() as session:
        factories.call(session, NOW, person_id=session.get_one(Checkin, checkin_id).person_id)


def _without_consent(line: StoppedLine, checkin_id: str) -> None:
    with line.database.transaction() as session:
        people.withdraw_consent(session, session.get_one(Checkin, checkin_id).person_id, people.KEY_9, NOW)


def _paused(line: StoppedLine, checkin_id: str) -> None:
    with line.database.transaction() as session:
        session.get_one(Checkin, checkin_id).plan.paused_from = NOW - HOUR


def _as_it_is(line: StoppedLine, checkin_id: str) -> None:
    pass


@pytest.mark.parametrize(
    ("name", "first", "told"),
    [
        ("Kofi", _as_it_is, "it is quiet hours for them"),
        ("Noémie", _on_the_phone, "they are on the phone"),
        ("Noémie", capped, "cap on spending is reached"),
        ("Noémie", _without_consent, "agreed to automated calls"),
        ("Noémie", _paused, "the plan is paused"),
        ("Ole", _nobody_is_free, "no volunteer is free just now"),
        ("Mo", _as_it_is, "They are being called in this moment"),
        ("Amina", _as_it_is, "it is over already"),
    ],
)
def test_a_click_is_no_reason_to_call_when_nobody_may(
    line: StoppedLine,
    coordinator: FlaskClient,
    day: Mapping[str, str],
    name: str,
    first: Callable[[StoppedLine, str], None],
    told: str,
) -> None:
    first(line, day[name])
    before = stored(line, day[name])
    assert told in press(coordinator, day[name], "call")
    after = stored(line, day[name])
    assert (after.state, after.attempt_due_at) == (before.state, before.attempt_due_at)
    assert acts(line) == []


def test_while_it_is_dialled_nothing_is_changed(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    for action in ("skip", "move", "call"):
        assert "They are being called in this moment" in press(coordinator, day["Mo"], action, at="21:30")
    assert stored(line, day["Mo"]).state is CheckinState.CALLING
    assert acts(line) == []


def test_of_two_who_press_at_once_one_does_it(line: StoppedLine, day: Mapping[str, str]) -> None:
    with line.database.reading() as session:
        account_id = session.scalars(select(Account.id).limit(1)).one()
    ready, checkin_id = Barrier(2), day["Ines"]

    def skip(_: int) -> Answer:
        ready.wait(10)
        return line.database.run(lambda writing: by_hand.skip(writing, checkin_id, account_id, NOW))

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(skip, range(2))) == [Answer.OVER, Answer.SKIPPED]
    assert acts(line) == [AccessAction.CHECKIN_SKIPPED]


def test_heard_from_settles_ends_the_ringing_and_stands_on_the_log_once(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    assert "Good to hear." in press(coordinator, day["Mo"], "heard", how="in_person")
    assert "it is over already" in press(coordinator, day["Mo"], "heard", how="call")
    settled = stored(line, day["Mo"])
    assert (settled.state, settled.settled_by) == (CheckinState.TALKED, SettledBy.COORDINATOR)
    with line.database.reading() as session:
        leg = session.scalars(select(Attempt).filter_by(checkin_id=settled.id)).one().call.leg
        assert leg is not None
        assert leg.end_wanted_at == NOW
        logged = session.scalars(select(Contact.kind).where(Contact.person_id == settled.person_id)).all()
    assert logged == [ContactKind.IN_PERSON]
    assert acts(line) == [AccessAction.CHECKIN_HEARD]
    assert f"heard from, marked by hand Marked by {COORDINATOR}, 19:14" in entry(coordinator, settled.id)


def test_heard_is_taken_back_on_the_sheet_and_the_other_who_presses_is_told(
    app: Flask, line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    before = stored(line, day["Ines"])
    press(coordinator, day["Ines"], "heard", how="call")
    assert "Undo" in entry(coordinator, day["Ines"])
    app.extensions[LINE] = replace(line, at=NOW + MINUTE)
    text = press(coordinator, day["Ines"], "unheard")
    assert "Taken back: it is off the log, and what it had settled is as it was." in text
    assert f"“Heard” was taken back by {COORDINATOR}, 19:15" in text
    assert "Undo" not in text
    after = stored(line, day["Ines"])
    assert (after.state, after.attempt_due_at) == (before.state, before.attempt_due_at)
    assert "taken back already" in press(coordinator, day["Ines"], "unheard")
    press(coordinator, day["Ines"], "heard", how="call")
    with line.database.transaction() as session:
        session.scalars(select(HandContact)).one().at = NOW + MINUTE - seen_undo.LATELY
    assert "Undo" not in entry(coordinator, day["Ines"])


def test_a_promised_talk_is_kept_by_having_heard_from_them(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    with line.database.transaction() as session:
        checkin = session.get_one(Checkin, day["Jo"])
        checkin.hands_off_at = NOW - MINUTE
        contacts.want_follow_up(contacts.of_checkin(session, checkin, NOW - MINUTE), FollowUp.URGENT)
    assert "wants to talk with someone" in entry(coordinator, day["Jo"])
    assert "that is a promise" in press(coordinator, day["Jo"], "skip")
    press(coordinator, day["Jo"], "heard", how="call")
    with line.database.reading() as session:
        promise = session.scalars(select(Contact).filter_by(checkin_id=day["Jo"], kind=ContactKind.CHECKIN)).one()
    assert promise.follow_up is FollowUp.DONE


def test_only_the_peers_own_day_can_be_settled_or_called(
    line: StoppedLine, coordinator: FlaskClient, day: Mapping[str, str]
) -> None:
    tomorrow = NOW + timedelta(hours=20)
    change(
        line, day["Ole"], due_at=tomorrow, attempt_due_at=tomorrow, day_from=NOW + 5 * HOUR, day_until=NOW + 29 * HOUR
    )
    text = entry(coordinator, day["Ole"], "/check-ins?day=2026-11-18")
    assert "Skip" in text
    assert "Heard" not in text
    answer = coordinator.post(
        f"/check-ins/{day['Ole']}/heard",
        data={"csrf_token": token(coordinator, "/check-ins"), "how": "call", "day": "2026-11-18"},
        headers={"HX-Request": "true"},
    )
    assert "it is for another day of theirs" in words(answer.text)
