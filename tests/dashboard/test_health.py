"""How the line itself is, on the first page; and that many open pages cost little more than one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard import health_view
from dashboard.current import LINE
from dashboard.queries_health import Carrier
from dashboard.times import Moment
from phoneline.health import OK
from phoneline.models import Pulse
from phoneline.states import AccountRole, LegEnd, LegState
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import MINUTE, NOW, Evening
from tests.dashboard.pages import StoppedLine, said
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND, counting

WELL = dict.fromkeys(("database", "queue", "workers", "clock"), OK)
AT = Moment(NOW, factories.TORONTO)


@pytest.mark.parametrize(
    ("ill", "carrier", "tone", "says"),
    [
        ([], Carrier(NOW - MINUTE), "well", "All is well with the line."),
        ([], Carrier(), "well", "All is well with the line."),
        (["queue"], Carrier(), "soon", "The line works, and something of it needs a look."),
        (["clock", "workers"], Carrier(), "now", "The line needs somebody to look after it now."),
        ([], Carrier(NOW - MINUTE, NOW, 1), "soon", "The line works, and something of it needs a look."),
        ([], Carrier(None, NOW, 3), "now", "The line needs somebody to look after it now."),
    ],
)
def test_it_is_calm_while_all_is_well(ill: list[str], carrier: Carrier, tone: str, says: str) -> None:
    health = health_view.build(WELL | dict.fromkeys(ill, "can't be reached"), carrier, None, AT)
    assert (health.tone, health.says) == (tone, says)
    assert {line.part for line in health.lines if line.tone in {"soon", "now"}} >= set(ill)
    assert all("reached (" not in line.says for line in health.lines), "no word for operators"


def test_the_first_page_says_what_the_carrier_made_of_our_calls(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, volunteer: FlaskClient
) -> None:
    # What was found of the queue and the clock is kept for some seconds: another test has just looked.
    then = NOW + 60 * MINUTE
    app.extensions[LINE] = replace(line, at=then)
    with line.database.transaction() as session:
        session.add(Pulse(name="clock", at=then))
        for minutes, taken in ((9, True), (5, False), (4, False)):
            given = {"dialled_at": then - minutes * MINUTE, "state": LegState.ENDED, "end": LegEnd.FAILED}
            sid = {"carrier_sid": "CA" + "1" * 32} if taken else {"carrier_sid": None}
            factories.leg(session, then - minutes * MINUTE, **(given | sid))
        factories.leg(session, then, dialled_at=then, state=LegState.DIALLING)
        factories.call(session, then - 3 * MINUTE)
    text = words(coordinator.get("/").text)
    failed = "Carrier our last call could not be placed 4 min ago, 20:10; one was, 9 min ago, 20:05"
    assert failed in text
    assert "Clock ticks" in text
    assert said("Queue can't be reached: calls are placed all the same, a little later") in text
    assert "Last call 3 min ago, 20:11" in text
    assert "The line works, and something of it needs a look. See what it is" in text
    assert "Carrier" not in volunteer.get("/").text


def test_what_is_new_and_urgent_can_be_told(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = coordinator.get("/now").text
    assert 'data-says="Urgent: Old Tom, check-in: not reached"' in text
    assert text.count("data-urgent") == 2, "a follow-up, and the clock that nobody has seen"
    page = coordinator.get("/").text
    assert '<p class="hidden" id="urgent" role="alert"></p>' in page
    assert page.count("aria-live") == 1, "the answer alone is read aloud by itself"
    assert "data-sound-switch" in page


def seen(client: FlaskClient) -> str:
    """What the page would show, in short."""
    return client.get("/now").text.split('name="seen" value="')[1].split('"')[0]


@ONE_KIND
def test_many_open_pages_cost_little_more_than_one(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    app.extensions[LINE] = replace(line, at=NOW + MINUTE)
    others = [pages.logged_in(app, AccountRole.ADMIN), coordinator, pages.logged_in(app, AccountRole.COORDINATOR)]
    first = seen(coordinator)
    with counting(line.database) as counted:
        for client in others:
            assert seen(client) == first
        assert len([one for one in counted if "account" not in one and "snapshot" not in one]) == 0
    with line.database.transaction() as session:
        factories.call(session, NOW + MINUTE)
    assert seen(coordinator) != first, "what is written is seen at once"
    app.extensions[LINE] = replace(line, at=NOW + MINUTE + timedelta(seconds=1))
    with counting(line.database) as counted:
        coordinator.get("/now")
    assert len(counted) > 10, "the clock goes on as well"


@ONE_KIND
def test_each_sees_the_shared_page_as_their_own(line: StoppedLine, app: Flask, busy_evening: Evening) -> None:
    spoken = [
        pages.logged_in(app, AccountRole.COORDINATOR).get("/now", headers={"Accept-Language": one}).text
        for one in ("fr", "en")
    ]
    assert ["Une personne attend" in text for text in spoken] == [True, False]
    assert "unknown caller" not in pages.logged_in(app, AccountRole.VOLUNTEER).get("/now").text
