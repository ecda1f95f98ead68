"""The team's letter of the week on its page: cover, changes, thanks, and what is decided together."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline.models import Account, Person, Proposal
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import DAY, HOUR, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_not_heard import words
from tests.databases import ONE_KIND
from tests.factories import TORONTO

PAGE = "/roster/letter"


@pytest.fixture
def ana(line: StoppedLine) -> Person:
    """The volunteer's login is hers. She has a shift today; one is open."""
    start = NOW.astimezone(TORONTO).replace(tzinfo=None, hour=1, minute=0)
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana Example")
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi Example")
        for who, role in ((ana, AccountRole.VOLUNTEER), (ravi, AccountRole.COORDINATOR)):
            session.scalars(select(Account).where(Account.role == role)).one().person_id = who.id
        factories.shift(session, ana, start, start + HOUR, NOW)
        factories.shift(session, None, start, start + 23 * HOUR, NOW)
        return ana


def act(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(f"{PAGE}/{path}", data={**data, "csrf_token": token(client, PAGE)}).status_code


@ONE_KIND
def test_it_says_who_is_on_and_who_is_missing(volunteer: FlaskClient, ana: Person) -> None:
    text = words(volunteer.get(PAGE).text)
    assert "needs somebody this week" in text or "need somebody this week" in text
    assert "One person has one shift in this week. One is still open to be taken." in text
    assert "Anybody on the team may propose something" in text
    last_week = f"{NOW.astimezone(TORONTO) - 7 * DAY:%Y-%m-%d}"
    assert words(volunteer.get(PAGE, query_string={"week": last_week}).text).startswith("No people were on shift")


@ONE_KIND
def test_thanks_are_said_and_taken_back_by_whoever_said_them(
    app: Flask, volunteer: FlaskClient, coordinator: FlaskClient, ana: Person
) -> None:
    assert act(volunteer, "thanks", words=" ", to="everybody") == 422
    assert act(volunteer, "thanks", words="For standing in", to="everybody") == 303
    text = coordinator.get(PAGE).text
    assert "Ana thanks everybody: For standing in" in words(text)
    assert "/off" not in text
    [path] = [
        one.split('"')[0] for one in volunteer.get(PAGE).text.split('action="/roster/letter/') if "/off" in one[:60]
    ]
    assert act(coordinator, path) == 404
    assert act(volunteer, path) == 303
    assert "Ana thanks" not in words(volunteer.get(PAGE).text)


@ONE_KIND
def test_a_proposal_has_one_voice_of_each_and_is_decided(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, ana: Person
) -> None:
    assert act(volunteer, "proposals", words="x" * 301) == 422
    assert act(volunteer, "proposals", words="Tea together") == 303
    with line.database.reading() as session:
        one = session.scalars(select(Proposal.id)).one()
    for said in ("no", "no", "yes"):
        assert act(coordinator, f"proposals/{one}/vote", choice=said) == 303
    assert "So far 2 yes, 0 no" in words(volunteer.get(PAGE).text)
    assert act(volunteer, f"proposals/{one}/close") == 403
    assert act(coordinator, f"proposals/{one}/close") == 303
    act(volunteer, f"proposals/{one}/vote", choice="no")
    pages_later = pages.logged_in(
        pages.pages(pages.stopped_line(line.database, line.settings, NOW + HOUR / 60)), AccountRole.VOLUNTEER
    )
    assert "Decided: yes, by 2 to 0." in words(pages_later.get(PAGE).text)


@ONE_KIND
def test_a_login_that_is_nobodys_reads_and_does_not_write(volunteer: FlaskClient) -> None:
    text = words(volunteer.get(PAGE).text)
    assert "This login isn't anybody's yet" in text
    assert act(volunteer, "thanks", words="Hello", to="everybody") == 422
