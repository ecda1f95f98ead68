"""Whose an open follow-up is stands on the pages, and changes there by one press."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.current import LINE
from phoneline import owners
from phoneline.models import Account, Contact
from phoneline.states import AccountRole, ContactKind, FollowUp, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, HOUR, NOW
from tests.dashboard.pages import StoppedLine

EMAIL = EMAILS[AccountRole.COORDINATOR]


@pytest.fixture
def wanted(line: StoppedLine) -> str:
    """The clock has looked, and there was nobody to give it to."""
    with line.database.transaction() as session:
        opened = {"due_at": NOW + HOUR, "given_at": NOW}
        return factories.contact(session, NOW, kind=ContactKind.CALLBACK, follow_up=FollowUp.WANTED, **opened).id


def words(text: str) -> str:
    """The page's words, without what is only for machines."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def press(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data={"csrf_token": pages.token(client, "/"), **form})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_nobodys_is_taken_with_one_press_on_the_first_page(
    line: StoppedLine, coordinator: FlaskClient, wanted: str
) -> None:
    for page in ("/", "/log", f"/log/{wanted}"):
        assert "Nobody's yet, by 20:14" in words(coordinator.get(page).text), page
    assert f'action="/log/{wanted}/take"' in coordinator.get("/").text
    assert press(coordinator, f"/log/{wanted}/take", back="now") == "/"
    assert f"{EMAIL}'s, by 20:14" in words(coordinator.get("/").text)
    assert f"/log/{wanted}/take" not in coordinator.get("/").text, "somebody's, and in time"
    assert press(coordinator, f"/log/{wanted}/take") == f"/log/{wanted}"
    text = words(coordinator.get(f"/log/{wanted}").text)
    assert text.count(f"Taken on by {EMAIL} today 19:14") == 1, "once, though pressed twice"
    with line.database.reading() as session:
        login = session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one()
        assert session.get_one(Contact, wanted).owner_account_id == login


def test_it_is_given_to_a_coordinator_by_name(line: StoppedLine, coordinator: FlaskClient, wanted: str) -> None:
    with line.database.transaction() as session:
        ana = factories.person(session, Role.COORDINATOR, now=NOW, name="Ana").id
        factories.person(session, Role.VOLUNTEER, now=NOW, name="Kim")
    text = coordinator.get(f"/log/{wanted}").text
    assert (f'<option value="{ana}">Ana</option>' in text, "Kim" in text) == (True, False)
    assert press(coordinator, f"/log/{wanted}/give", person=ana) == f"/log/{wanted}"
    text = words(coordinator.get(f"/log/{wanted}").text)
    assert "Ana's, by 20:14." in text
    assert f"Given to Ana by {EMAIL} today 19:14" in text
    forgery = pages.token(coordinator, "/")
    for person in ("", "\0"):
        form = {"csrf_token": forgery, "person": person}
        assert coordinator.post(f"/log/{wanted}/give", data=form).status_code == 400


def test_it_isnt_offered_to_the_one_whom_it_is_about(line: StoppedLine, coordinator: FlaskClient, wanted: str) -> None:
    with line.database.transaction() as session:
        factories.person(session, Role.COORDINATOR, now=NOW, name="Ana")
        ben = factories.person(session, Role.COORDINATOR, Role.PEER, now=NOW, name="Ben")
        session.get_one(Contact, wanted).person_id = ben.id
    for page in ("/follow-ups", f"/log/{wanted}"):
        text = coordinator.get(page).text
        assert (">Ana</option>" in text, ">Ben</option>" in text) == (True, False), page


def test_what_is_overdue_says_since_when_and_how_it_came_to_be_whose_it_is(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, wanted: str
) -> None:
    with line.database.transaction() as session:
        factories.person(session, Role.COORDINATOR, now=NOW, name="Ana")
        owners.look(session, line.live, NOW + HOUR)
    app.extensions[LINE] = replace(line, at=NOW + HOUR)
    first, log, contact = (words(coordinator.get(page).text) for page in ("/", "/log", f"/log/{wanted}"))
    for text in (first, log, contact):
        assert " overdue " in text
        assert "Overdue since 20:14, now Ana's, by 21:14" in text
    assert "Overdue, so it went to Ana today 20:14" in contact
    assert "A follow-up is overdue" in first, "urgent now"
    assert f'action="/log/{wanted}/take"' in coordinator.get("/").text
