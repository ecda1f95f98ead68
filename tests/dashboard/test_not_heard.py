"""The list of those whom nobody has heard from, and what is done about it there."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline.models import Contact, Person
from phoneline.states import AccountRole, CallState, CheckinState, ContactKind, Role
from tests import factories
from tests.dashboard.evening import DAY, EMAILS, HOUR, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.databases import counting


def words(text: str) -> str:
    main = text.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<{main}")).split())


@pytest.fixture
def silent(line: StoppedLine) -> dict[str, str]:
    """Sam talked with Ana 20 days ago, Luz was never heard from, Kim missed three check-ins, D. is heard from."""
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana").id
        sam = factories.person(session, now=NOW - 90 * DAY, name="Sam", last_heard_at=NOW - 20 * DAY)
        call = factories.call(session, NOW - 20 * DAY, person_id=sam.id, state=CallState.ENDED, answered_at=NOW)
        factories.contact(session, NOW - 20 * DAY, person_id=sam.id, volunteer_id=ana, call_id=call.id)
        factories.contact(session, NOW - 3 * DAY, person_id=sam.id, kind=ContactKind.VOICEMAIL)
        luz = factories.person(session, now=NOW - 16 * DAY, name="Luz")
        kim = factories.person(session, now=NOW - 90 * DAY, name="Kim", last_heard_at=NOW - 4 * DAY, checkins_missed=3)
        factories.contact(session, NOW - 4 * DAY, person_id=kim.id, kind=ContactKind.SMS)
        factories.consent(session, kim, NOW - DAY)
        planned = factories.plan(session, kim, (NOW + HOUR).replace(tzinfo=None), NOW)
        factories.checkin(session, planned, NOW + HOUR, state=CheckinState.DUE)
        factories.person(session, now=NOW - 5 * DAY, name="D.")
        return {"Sam": sam.id, "Luz": luz.id, "Kim": kim.id}


def test_it_says_since_when_what_was_last_what_was_missed_and_what_comes(
    coordinator: FlaskClient, silent: dict[str, str]
) -> None:
    text = words(coordinator.get("/not-heard").text)
    assert text.startswith("Three people have not been heard from for a while.")
    assert "Sam Not heard from for 20 days. Last: a call with Ana, Wednesday 28 October 20:14." in text
    assert (
        "Luz Not heard from since they came into the line's books, 16 days ago. We have not heard from them yet."
        in text
    )
    assert "Kim Not heard from for four days" in text
    assert "Missed three check-ins in a row. Next check-in today 20:14." in text
    assert (text.index("Sam") < text.index("Luz") < text.index("Kim"), "D." in text) == (True, False)
    assert "Three people have not been heard from for a while" in words(coordinator.get("/").text)


def test_where_everybody_was_heard_from_it_says_what_will_be_here(coordinator: FlaskClient) -> None:
    text = words(coordinator.get("/not-heard").text)
    assert text.startswith("Everybody was heard from within 14 days.")
    assert "in either direction" in text
    assert "not-heard" not in coordinator.get("/").text


def test_somebody_is_asked_to_call_and_the_list_says_who(
    line: StoppedLine, coordinator: FlaskClient, silent: dict[str, str]
) -> None:
    forgery = token(coordinator, "/not-heard")
    for _ in range(2):
        answer = coordinator.post(f"/not-heard/{silent['Sam']}/ask", data={"csrf_token": forgery})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/not-heard")
    with line.database.reading() as session:
        task = session.scalars(select(Contact.id).filter_by(kind=ContactKind.OUTREACH)).one()
    assert "Somebody is asked to call: On its way to whoever is on duty." in words(coordinator.get("/not-heard").text)
    assert "Sam call them: not heard from" in words(coordinator.get("/").text)
    text = words(coordinator.get(f"/log/{task}").text)
    assert "Sam was to be called, since nobody had heard from them, today 19:14. Somebody has to call them." in text
    assert f"Call asked for by {EMAILS[AccountRole.COORDINATOR]} today 19:14" in text
    assert coordinator.get("/log").status_code == coordinator.get(f"/people/{silent['Sam']}").status_code == 200
    assert coordinator.post("/not-heard/nobody/ask", data={"csrf_token": forgery}).status_code == 404


@pytest.mark.parametrize(
    ("days", "status", "kept"), [("5", 303, 5), ("", 303, None), ("0", 422, None), ("x", 422, None)]
)
def test_their_own_number_of_days_is_kept_on_their_page(
    line: StoppedLine, coordinator: FlaskClient, silent: dict[str, str], days: str, status: int, kept: int | None
) -> None:
    form = {"csrf_token": token(coordinator, "/not-heard"), "days": days}
    answer = coordinator.post(f"/people/{silent['Kim']}/not-heard-days", data=form)
    assert (answer.status_code, "Please write a whole number of days" in answer.text) == (status, status == 422)
    with line.database.reading() as session:
        assert session.get_one(Person, silent["Kim"]).not_heard_days == kept
    if kept:
        assert f'value="{kept}"' in coordinator.get(f"/people/{silent['Kim']}").text
    form["csrf_token"] = token(coordinator, "/not-heard")
    assert coordinator.post("/people/nobody/not-heard-days", data=form).status_code in {404, 422}


def test_the_list_costs_the_same_however_long_it_is(
    line: StoppedLine, coordinator: FlaskClient, silent: dict[str, str]
) -> None:
    with counting(line.database) as counted:
        coordinator.get("/not-heard")
        counted.clear()
        coordinator.get("/not-heard")
        few = len(counted)
        with line.database.transaction() as session:
            for number in range(60):
                factories.person(session, now=NOW - (30 + number) * DAY)
        counted.clear()
        text = coordinator.get("/not-heard").text
        assert len(counted) == few <= 14
    assert text.count('id="silent-') == 40
    after = unescape(re.findall(r'href="(/not-heard\?after=[^"]+)"', text)[0])
    assert coordinator.get(after).text.count('id="silent-') == 23
