"""A contact that the line had no part in is written down on the person's page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.current import LINE
from phoneline.models import Checkin, Contact
from phoneline.states import AccountRole, CheckinState, ContactKind, FollowUp
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND


@pytest.fixture
def sam(line: StoppedLine) -> str:
    """With a check-in still to come today."""
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name="Sam")
        factories.consent(session, peer, NOW)
        planned = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW)
        factories.checkin(session, planned, NOW + timedelta(hours=1))
        return peer.id


FORM = {"how": "in_person", "outcome": "fine", "day": "2026-11-17", "note": "Met at the market.\r\nWell."}


def write(client: FlaskClient, person_id: str, **changed: str) -> TestResponse:
    return client.post(f"/people/{person_id}/contact", data={"csrf_token": token(client, "/"), **FORM, **changed})


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def only_contact(line: StoppedLine) -> Any:
    with line.database.reading() as session:
        return session.scalars(select(Contact)).one()


@ONE_KIND
@pytest.mark.parametrize(
    ("changed", "kind", "follow_up", "says"),
    [
        ({}, ContactKind.IN_PERSON, FollowUp.NONE, "Sam was seen in person today 19:14. No follow-up is wanted here."),
        (
            {"how": "call", "outcome": "urgent"},
            ContactKind.CALL,
            FollowUp.URGENT,
            "Sam and one of us spoke by another telephone today 19:14. An urgent follow-up is open.",
        ),
    ],
)
def test_it_settles_todays_check_in_and_says_who_wrote_it_down(
    line: StoppedLine,
    coordinator: FlaskClient,
    sam: str,
    changed: dict[str, str],
    kind: ContactKind,
    follow_up: FollowUp,
    says: str,
) -> None:
    shown = coordinator.get(f"/people/{sam}").text
    assert shown.count("Log a contact") == 1, "one word for one thing"
    assert f'href="/people/{sam}?log=other#seen"' in shown
    unfolded = re.search(r'id="seen".*?<details([^>]*)>', coordinator.get(f"/people/{sam}?log=other").text, re.DOTALL)
    assert unfolded is not None
    assert "open" in unfolded[1]
    answer = write(coordinator, sam, **changed)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/people/{sam}?logged={only_contact(line).id}#timeline",
    )
    contact = only_contact(line)
    assert (contact.kind, contact.follow_up, contact.note) == (kind, follow_up, "Met at the market.\nWell.")
    with line.database.reading() as session:
        assert session.scalars(select(Checkin.state)).one() is CheckinState.TALKED
    text = words(coordinator.get(f"/log/{contact.id}").text)
    assert says in text
    assert f"Written down by {EMAILS[AccountRole.COORDINATOR]} today 19:14" in text


@ONE_KIND
def test_it_is_taken_back_beside_the_answer_or_on_its_own_page(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    written = write(coordinator, sam).headers["Location"]
    contact = only_contact(line)
    assert f"/log/{contact.id}/take-back" in coordinator.get(written).text
    assert "/take-back" not in coordinator.get(f"/people/{sam}?logged=another").text
    assert f"/log/{contact.id}/take-back" in coordinator.get(f"/log/{contact.id}").text
    form = {"csrf_token": token(coordinator, "/"), "person": sam}
    for told in ("Taken back: it is off the log", "Nothing was changed: that was taken back already"):
        went = coordinator.post(f"/log/{contact.id}/take-back", data=form)
        assert went.status_code == 303
        text = words(coordinator.get(went.headers["Location"]).text)
        assert told in text
    who = EMAILS[AccountRole.COORDINATOR]
    for look in (f"{who} wrote a contact down", f"{who} took a contact back that was written down"):
        assert look in words(coordinator.get(f"/people/{sam}?show=looks").text)
    with line.database.reading() as session:
        assert session.scalars(select(Contact)).all() == []
        assert session.scalars(select(Checkin.state)).one() is CheckinState.DUE
    del form["person"]
    assert coordinator.post(f"/log/{contact.id}/take-back", data=form).status_code == 404


@ONE_KIND
def test_what_somebody_has_taken_up_isnt_taken_back_and_its_page_says_so(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    write(coordinator, sam, outcome="urgent")
    contact = only_contact(line)
    form = {"csrf_token": token(coordinator, "/"), "back": "contact"}
    assert coordinator.post(f"/log/{contact.id}/take", data=form).status_code == 303
    answer = coordinator.post(f"/log/{contact.id}/take-back", data=form)
    assert (answer.status_code, "somebody has taken up the follow-up" in answer.text) == (422, True)
    assert only_contact(line).id == contact.id


@ONE_KIND
def test_a_day_before_is_dated_then_and_settles_nothing_of_today(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    write(coordinator, sam, day="2026-11-16", note="")
    contact = only_contact(line)
    assert (contact.at.isoformat(), contact.note) == ("2026-11-16T17:00:00+00:00", None)
    with line.database.reading() as session:
        assert session.scalars(select(Checkin.state)).one() is CheckinState.DUE


@ONE_KIND
@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"how": "sms"}, "Please say whether you saw them or spoke with them."),
        ({"outcome": "wrong_number"}, "Please say how they were."),
        ({"day": "2026-11-18"}, "Please choose the day: today, or one of the past year."),
        ({"day": "yesterday"}, "Please choose the day: today, or one of the past year."),
        ({"note": "x" * 1001}, "Please keep the note below 1000 characters."),
    ],
)
def test_a_form_that_wont_do_comes_back_with_what_to_mend(
    line: StoppedLine, coordinator: FlaskClient, sam: str, wrong: dict[str, str], mend: str
) -> None:
    answer = write(coordinator, sam, **wrong)
    assert (answer.status_code, mend in answer.text) == (422, True)
    with line.database.reading() as session:
        assert session.scalars(select(Contact)).all() == []


@ONE_KIND
def test_nobody_known_has_no_contacts(coordinator: FlaskClient) -> None:
    assert write(coordinator, "nobody").status_code == 404


@dataclass(frozen=True)
class RunningLine(StoppedLine):
    """A line whose clock goes on, as a real one's does: it is never asked twice with the same answer."""

    asked: Iterator[int] = field(default_factory=count)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(microseconds=next(self.asked))


@ONE_KIND
def test_what_is_written_down_of_this_very_instant_is_no_time_to_come(line: StoppedLine, app: Flask, sam: str) -> None:
    app.extensions[LINE] = RunningLine(line.settings, line.database, line.carrier, line.live_cache)
    answer = write(pages.logged_in(app, AccountRole.COORDINATOR), sam)
    assert answer.status_code == 303
    assert NOW < only_contact(line).at < NOW + timedelta(seconds=1)
