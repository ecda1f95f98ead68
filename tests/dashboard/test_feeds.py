"""Shifts in people's own calendars, under secret addresses."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from phoneline.models import Account, Person, RosterFeed, ShiftHours
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import HOUR, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND
from tests.factories import TORONTO

PAGE = "/roster/addresses"


@pytest.fixture
def ana(line: StoppedLine) -> Person:
    """She is on today and, as backup, tomorrow, but not the day after; Ravi is on then. One shift is open."""
    start = NOW.astimezone(TORONTO).replace(tzinfo=None, minute=0) + HOUR
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana Example")
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi Example")
        factories.shift(session, ana, start, start + HOUR, NOW)
        later = factories.shift(
            session, ana, start + 24 * HOUR, start + 25 * HOUR, NOW, tier=2, rrule="FREQ=DAILY;COUNT=2"
        )
        off = session.scalars(
            select(ShiftHours).filter_by(shift_id=later.id).order_by(ShiftHours.starts_at.desc())
        ).first()
        assert off is not None
        off.off, off.ends_at = True, off.starts_at
        factories.shift(session, ravi, start + 48 * HOUR, start + 49 * HOUR, NOW)
        factories.shift(session, None, start + 72 * HOUR, start + 73 * HOUR, NOW)
        return ana


def address(client: FlaskClient, whose: str) -> str:
    made = client.post(PAGE, data={"whose": whose, "csrf_token": token(client, PAGE)})
    assert made.status_code == 201
    [found] = re.findall(r'value="http://127\.0\.0\.1:8000(/calendar/[^"]+\.ics)"', made.text)
    assert found not in client.get(PAGE).text
    return str(found)


def events(app: Flask, address: str) -> list[tuple[str, timedelta]]:
    """What a calendar program reads there without any login: titles, and how far ahead."""
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert "+1" not in answer.text
    found = Calendar.from_ical(answer.data).events
    assert {one.DTEND - one.DTSTART for one in found} == {HOUR}
    return [(str(one["SUMMARY"]), one.DTSTART - found[0].DTSTART) for one in found]


@ONE_KIND
def test_a_calendar_program_reads_a_volunteers_shifts_or_the_whole_roster(
    app: Flask, coordinator: FlaskClient, ana: Person
) -> None:
    day = timedelta(days=1)
    assert events(app, address(coordinator, ana.id)) == [("On shift", 0 * day), ("On shift (backup)", day)]
    assert events(app, address(coordinator, "all")) == [
        *(("Ana", 0 * day), ("Ana (backup)", day), ("Ravi", 2 * day), ("Open shift", 3 * day))
    ]
    assert "Last fetched" in coordinator.get(PAGE).text


@ONE_KIND
def test_nobody_reads_at_an_address_that_was_ended_or_guessed(
    app: Flask, coordinator: FlaskClient, line: StoppedLine, ana: Person
) -> None:
    standing, ended = address(coordinator, ana.id), address(coordinator, ana.id)
    with line.database.reading() as session:
        feeds = session.scalars(select(RosterFeed).order_by(RosterFeed.made_at, RosterFeed.id)).all()
        assert not [one for one in feeds if one.token_hash in standing + ended]
    for feed in feeds:
        done = coordinator.post(f"{PAGE}/{feed.id}/revoke", data={"csrf_token": token(coordinator, PAGE)})
        assert (done.status_code, "Ended." in done.text) == (200, True)
    for one in (standing, ended, "/calendar/guessed.ics"):
        answer = app.test_client().get(one)
        assert (answer.status_code, "Ana" in answer.text) == (404, False)


@ONE_KIND
def test_a_volunteer_makes_and_ends_only_their_own(
    app: Flask, volunteer: FlaskClient, line: StoppedLine, ana: Person
) -> None:
    refused = volunteer.post(PAGE, data={"whose": ana.id, "csrf_token": token(volunteer, PAGE)})
    assert (refused.status_code, "Please choose whose shifts" in refused.text) == (422, True)
    with line.database.transaction() as session:
        login = session.scalars(select(Account).where(Account.role == AccountRole.VOLUNTEER)).one()
        login.person_id = ana.id
    assert len(events(app, address(volunteer, ana.id))) == 2
    admin = pages.logged_in(app, AccountRole.ADMIN)
    address(admin, "all")
    assert "The whole roster</strong>" not in volunteer.get(PAGE).text
    with line.database.reading() as session:
        others = session.scalars(select(RosterFeed.id).where(RosterFeed.person_id.is_(None))).one()
    refused = volunteer.post(f"{PAGE}/{others}/revoke", data={"csrf_token": token(volunteer, PAGE)})
    assert refused.status_code == 404


@ONE_KIND
def test_whose_login_was_ended_reads_no_shifts_any_more_until_it_is_brought_back(
    app: Flask, coordinator: FlaskClient, line: StoppedLine, ana: Person
) -> None:
    """Their own, and everybody's at an address that they made."""
    everybodys, anas = address(coordinator, "all"), address(coordinator, ana.id)
    for role, ends in ((AccountRole.COORDINATOR, everybodys), (AccountRole.VOLUNTEER, anas)):
        with line.database.transaction() as session:
            account = session.scalars(select(Account).filter_by(role=role)).one()
            account.person_id = ana.id if role is AccountRole.VOLUNTEER else None
            account.ended_at = NOW
        reads = {one: app.test_client().get(one).status_code for one in (everybodys, anas)}
        assert reads == {everybodys: 200, anas: 200} | {ends: 404}
        with line.database.transaction() as session:
            session.get_one(Account, account.id).ended_at = None
    assert app.test_client().get(everybodys).status_code == 200
